import { useEffect, useState } from "react";
import { now } from "#domain/kernel/clock.ts";
import { dateIn } from "#domain/kernel/instant.ts";

/** Now, in milliseconds since the epoch, told again every half minute: waiting times and the line of now move. */
export function useMinute(): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return at;
}

/** Today in a zone; draws again at midnight only. */
export function useToday(zone: string): string {
  const [today, setToday] = useState(() => dateIn(zone));
  useEffect(() => {
    setToday(dateIn(zone));
    const timer = setInterval(() => setToday(dateIn(zone)), 30_000);
    return () => clearInterval(timer);
  }, [zone]);
  return today;
}
