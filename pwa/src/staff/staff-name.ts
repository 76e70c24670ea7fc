import type { Staff } from "#domain/staff/index.ts";
import { useRow } from "#pwa/local/index.ts";

/** "Maya Okafor, MD" */
export const staffText = (person: Pick<Staff, "name" | "suffix">): string =>
  [person.name, person.suffix].filter(Boolean).join(", ");

/** The name of a colleague; empty while the directory is not read yet. */
export function useStaffName(id: string): string {
  const { row } = useRow("staff", id);
  return row ? staffText(row) : "";
}
