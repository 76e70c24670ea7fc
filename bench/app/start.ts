import { monotonic } from "#domain/kernel/clock.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { median } from "../median.ts";

/** Seconds from the launcher's start to its ready line on a folder that exists, AI node registered. */
export async function measureStarts(samples: number): Promise<number> {
  const practice = await TestPractice.start({ ai: true });
  try {
    const seconds: number[] = [];
    for (let i = 0; i < samples; i++) {
      await practice.stop();
      const begin = monotonic();
      await practice.start();
      seconds.push((monotonic() - begin) / 1000);
    }
    return median(seconds);
  } finally {
    await practice.remove();
  }
}
