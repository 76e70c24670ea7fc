import { useMemo } from "react";
import type { Recording } from "#domain/recording/index.ts";
import { useRows } from "#pwa/local/index.ts";

/** The recordings that were made in this visit and went to another one (C05). */
export function useLeftRecordings(encounterId: string): readonly Recording[] {
  const { rows } = useRows("recording");
  return useMemo(
    () =>
      rows.filter(
        (one) =>
          one.encounterId !== encounterId && one.moves.some((move) => move.fromEncounterId === encounterId),
      ),
    [rows, encounterId],
  );
}
