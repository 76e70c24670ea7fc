/** A record as every contestant gets it: the same bytes for all. */
export interface Doc {
  /** `collection|id`. */
  readonly id: string;
  readonly kind: string;
  /** Start of an appointment, else empty. */
  readonly start: string;
  /** Family name of a patient, else empty. */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface PageSettings {
  readonly username: string;
  readonly password: string;
  /** The instant from which the list of a day is read. */
  readonly from: string;
}

/** What each contestant does in the page. Times are milliseconds. */
export interface Contestant {
  /** An empty device fetches everything; over when the last row is durable. Answers the time and the rows. */
  firstSync(): Promise<{ milliseconds: number; rows: number }>;
  /** The page was reloaded: from nothing to the first list of 40, key derivation left out. */
  reopen(): Promise<number>;
  /** One list of 40 appointments. */
  dayList(): Promise<number>;
  /** Patients whose family name begins with these letters. */
  nameSearch(letters: string): Promise<number>;
  /** One local write, until the contestant calls it saved. */
  write(index: number): Promise<number>;
  /** `count` changes made without a network, then the network: until the server has settled all of them. */
  backlog(count: number): Promise<number>;
  /** Writes something that the other device waits for. Answers when, in milliseconds since the epoch. */
  send(mark: string): Promise<number>;
  /** Resolves when what `send` wrote elsewhere is in a list here, with the instant. */
  receive(mark: string): Promise<number>;
}

declare global {
  interface Window {
    /** Set when the page's module has run. */
    contestant?: (settings: PageSettings) => Contestant;
  }
}

/** Milliseconds since the epoch with the resolution of the page's clock: two pages can be compared. */
export const instantHere = (): number => performance.timeOrigin + performance.now();

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** What a registration carries, whoever stores it. */
export const registration = (mark: string) => ({
  givenName: "Bench",
  familyName: `Trial-${mark}`,
  birthDate: "1970-01-01",
  sex: "female" as const,
  preferredName: "",
  phone: "",
});
