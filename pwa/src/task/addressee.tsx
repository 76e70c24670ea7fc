import { useLingui } from "@lingui/react";
import { useMemo, useState } from "react";
import { clinicalRoles } from "#domain/access/roles.ts";
import type { Staff } from "#domain/staff/index.ts";
import { type Pool, pools } from "#domain/task/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { useRows, useSession } from "#pwa/local/index.ts";
import { staffText, useStaffName } from "#pwa/staff/index.ts";

export interface Address {
  readonly personId: string | null;
  readonly pool: Pool | null;
}

export const poolText = (i18n: ReturnType<typeof useLingui>["i18n"], pool: Pool): string =>
  ({
    clinicians: i18n._("All clinicians"),
    nurses: i18n._("Nursing"),
    "front-desk": i18n._("Front desk"),
  })[pool];

/** "Nursing" or a colleague's name. */
export function AddressName({ personId, pool }: Address) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const name = useStaffName(personId ?? "");
  if (pool) return <>{poolText(i18n, pool)}</>;
  return <>{personId === user?.id ? i18n._("You") : name}</>;
}

interface AddresseeProps {
  readonly label: string;
  readonly kind: "clinical" | "administrative";
  readonly value: Address | null;
  readonly onChange: (address: Address) => void;
  /** The desk writes to nursing only (C19). */
  readonly nursingOnly?: boolean;
}

/** A pool or a person. What is clinical offers clinical people only (C19). */
export function Addressee({ label, kind, value, onChange, nursingOnly = false }: AddresseeProps) {
  const { i18n } = useLingui();
  const [everybody, setEverybody] = useState(value?.personId != null);
  const { rows } = useRows("staff", { where: { active: true }, sort: "name" });
  const people = useMemo(
    () =>
      rows.filter(({ roles }: Staff) => {
        if (nursingOnly) return roles.includes("nurse");
        if (kind === "clinical") return roles.some((role) => clinicalRoles.includes(role));
        return roles.some((role) => [...clinicalRoles, "front-desk", "administrator"].includes(role));
      }),
    [rows, kind, nursingOnly],
  );
  const offered = pools.filter((pool) =>
    nursingOnly ? pool === "nurses" : kind === "administrative" || pool !== "front-desk",
  );
  return (
    <>
      <Choices
        label={label}
        options={[
          ...offered.map((pool) => ({ value: pool as string, label: poolText(i18n, pool) })),
          { value: "person", label: i18n._("A person …") },
        ]}
        value={[everybody ? "person" : (value?.pool ?? "")]}
        onChange={([chosen]) => {
          setEverybody(chosen === "person");
          if (chosen && chosen !== "person") onChange({ personId: null, pool: chosen as Pool });
        }}
      />
      {everybody && (
        <Choices
          label={i18n._("Who")}
          options={people.map((person) => ({ value: person.id, label: staffText(person) }))}
          value={[value?.personId ?? ""]}
          onChange={([personId]) => personId && onChange({ personId, pool: null })}
        />
      )}
    </>
  );
}
