/** Lets so many real milliseconds go by, whatever the played clock says: for what threads, disks and PostgreSQL do meanwhile. */
export const realWait = (milliseconds: number): Promise<void> =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
