import type { Page } from "@playwright/test";
import { type Browser, openBrowser } from "../../e2e/fixtures/browser.ts";
import { pin, trialPassword } from "../../e2e/pages/door.ts";
import { submitUntilRow } from "../app/unlock.ts";
import type { Clinic } from "./clinic.ts";
import { joinCrowd } from "./crowd.ts";
import { type ContestantName, contestants, openContestant, play } from "./pages.ts";

export const ROUNDS = 5;
const READS = 15;
const WRITES = 20;
const BACKLOG = 500;
/** Devices that listen to changes besides the one that writes and the one that waits. */
export const CROWD = 18;
const MARKS = 12;

const families = ["Trial-Lo", "Trial-Ha", "Trial-Wh", "Trial-Va", "Trial-St"];

/** Milliseconds per sample. */
export interface Samples {
  readonly firstSync: number[];
  readonly reopen: number[];
  readonly dayList: number[];
  readonly nameSearch: number[];
  readonly write: number[];
  readonly backlog: number[];
  readonly live: number[];
}
export type AllSamples = Record<ContestantName, Samples>;

const noSamples = (): Samples => ({
  firstSync: [],
  reopen: [],
  dayList: [],
  nameSearch: [],
  write: [],
  backlog: [],
  live: [],
});

const originOf = (clinic: Clinic, name: ContestantName) => (name === "jamemr" ? clinic.url : clinic.peerUrl);

/** Another one goes first in every round. */
const inTurn = <T>(list: readonly T[], round: number): readonly T[] => [
  ...list.slice(round % list.length),
  ...list.slice(0, round % list.length),
];

async function withPage<T>(
  clinic: Clinic,
  name: ContestantName,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await openBrowser();
  try {
    await openContestant(browser.page, name, originOf(clinic, name), clinic.settings);
    return await work(browser.page);
  } finally {
    await browser.close();
  }
}

/** An empty device, then the same one after a reload with everything on it. */
async function firstUse(clinic: Clinic, name: ContestantName, samples: Samples): Promise<void> {
  await withPage(clinic, name, async (page) => {
    const { milliseconds, rows } = await play(page, "firstSync");
    if (rows < clinic.rows) throw new Error(`${name} has ${rows} of ${clinic.rows} rows`);
    samples.firstSync.push(milliseconds);
    if (name === "pouchdb") return;
    await openContestant(page, name, originOf(clinic, name), clinic.settings);
    samples.reopen.push(await play(page, "reopen"));
    for (let i = 0; i < READS; i++) {
      samples.dayList.push(await play(page, "dayList"));
      samples.nameSearch.push(await play(page, "nameSearch", families[i % families.length]!));
    }
  });
}

const reactive = ["jamemr", "rxdb"] as const;

/** Local writes, work done without a network, and changes that another device waits for. */
async function work(clinic: Clinic, all: AllSamples, rounds: number): Promise<void> {
  const writers = new Map<ContestantName, Browser>();
  const readers = new Map<ContestantName, Browser>();
  try {
    for (const name of reactive)
      for (const browsers of [writers, readers]) {
        const browser = await openBrowser();
        browsers.set(name, browser);
        await openContestant(browser.page, name, originOf(clinic, name), clinic.settings);
        await play(browser.page, "firstSync");
      }
    for (let round = 0; round < rounds; round++)
      for (const name of inTurn(reactive, round)) {
        const { page } = writers.get(name)!;
        for (let i = 0; i < WRITES; i++) all[name].write.push(await play(page, "write", i));
        all[name].backlog.push(await play(page, "backlog", BACKLOG));
      }
    for (const name of reactive) await live(clinic, name, [writers, readers], all[name].live);
  } finally {
    for (const browser of [...writers.values(), ...readers.values()]) await browser.close();
  }
}

async function live(
  clinic: Clinic,
  name: "jamemr" | "rxdb",
  [writers, readers]: readonly ReadonlyMap<ContestantName, Browser>[],
  samples: number[],
): Promise<void> {
  const crowd = await joinCrowd(clinic, name, CROWD);
  try {
    for (let i = 0; i < MARKS; i++) {
      const mark = `live${i}`;
      const seen = play(readers!.get(name)!.page, "receive", mark);
      const sent = await play(writers!.get(name)!.page, "send", mark);
      samples.push((await seen) - sent);
    }
  } finally {
    await crowd.leave();
  }
}

export async function measureAll(clinic: Clinic, rounds = ROUNDS): Promise<AllSamples> {
  const all = Object.fromEntries(contestants.map((name) => [name, noSamples()])) as AllSamples;
  for (let round = 0; round < rounds; round++)
    for (const name of inTurn(contestants, round)) await firstUse(clinic, name, all[name]);
  await work(clinic, all, rounds);
  return all;
}

/** The product itself on an empty tablet: from the new PIN, its slow derivation included, to a row of Today. */
export async function measureFirstScreen(clinic: Clinic): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const browser = await openBrowser();
    try {
      const { page } = browser;
      await page.goto(clinic.url);
      await page.getByLabel("User name").fill("clinician");
      await page.getByLabel("Password", { exact: true }).fill(trialPassword);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByLabel("New PIN").fill(pin);
      await page.getByLabel("The same PIN again").fill(pin);
      samples.push(await submitUntilRow(page));
    } finally {
      await browser.close();
    }
  }
  return samples;
}
