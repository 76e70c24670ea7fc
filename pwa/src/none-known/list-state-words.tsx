import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCheck, IconCloudOff, IconHelpCircle } from "@tabler/icons-react";
import type { ChartList, ListState } from "#domain/chart/index.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { longDateText } from "#pwa/language/language.ts";
import { mutate, useChartPresence, useSession } from "#pwa/local/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { listWords } from "./list-words.ts";
import classes from "./none-known.module.css";

interface ListStateWordsProps {
  readonly patientId: string;
  readonly list: ChartList;
  readonly state: ListState;
}

/** The three ways in which a list can be empty, told apart by icon, words and frame (C01). */
export function ListStateWords({ patientId, list, state }: ListStateWordsProps) {
  switch (state.state) {
    case "listed":
      return null;
    case "not-here":
      return <NotHere patientId={patientId} />;
    case "none-known":
      return <None patientId={patientId} list={list} by={state.by} at={state.at} />;
    case "not-asked":
      return <NotAsked patientId={patientId} list={list} />;
  }
}

function NotHere({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const arriving = useChartPresence(patientId) === "arriving";
  return (
    <div className={classes.state} data-state="not-here">
      <IconCloudOff size={22} aria-hidden />
      <p className={classes.words}>
        <strong>{i18n._("Not on this tablet")}</strong>
        <span>
          {arriving
            ? i18n._("The chart is on its way.")
            : i18n._("There may be entries at the clinic that are not shown here.")}
        </span>
      </p>
    </div>
  );
}

function NotAsked({ patientId, list }: Pick<ListStateWordsProps, "patientId" | "list">) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const id = noneKnownIdOf(patientId, list);
  const assert = () =>
    saving.save(async () => {
      await mutate("none-known.assert", { id, patientId, list });
      say(listWords(i18n, list).none, () => mutate("none-known.retire", { id, patientId }));
    });
  return (
    <div className={classes.state} data-state="not-asked">
      <IconHelpCircle size={22} aria-hidden />
      <p className={classes.words}>
        <strong>{i18n._("Not asked yet")}</strong>
        <span>{saving.failure ?? i18n._("Nobody has said whether there are any.")}</span>
      </p>
      <Button variant="default" size="sm" h={44} loading={saving.busy} onClick={() => void assert()}>
        {listWords(i18n, list).none}
      </Button>
    </div>
  );
}

interface NoneProps extends Pick<ListStateWordsProps, "patientId" | "list"> {
  readonly by: string;
  readonly at: string;
}

function None({ list, by, at }: NoneProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const name = useStaffName(by);
  return (
    <div className={classes.state} data-state="none">
      <IconCheck size={22} aria-hidden />
      <p className={classes.words}>
        <strong>{listWords(i18n, list).none}</strong>
        <span>
          {i18n._("Asked by {name}, {date}", { name, date: longDateText(at, practice?.zone ?? "UTC") })}
        </span>
      </p>
    </div>
  );
}
