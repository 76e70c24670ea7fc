import { useEffect, useState } from "react";
import { now } from "#domain/kernel/clock.ts";

/** Now, in milliseconds since the epoch, told again every half minute: waiting times and the line of now move. */
export function useMinute(): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return at;
}
