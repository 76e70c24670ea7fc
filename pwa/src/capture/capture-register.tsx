import { useLingui } from "@lingui/react";
import * as z from "zod";
import { type CaptureEntry, captureEntrySchema } from "#domain/capture/capture-entry.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./unassigned.module.css";

const answer = z.object({ items: z.array(captureEntrySchema) });
const EVERY = 30_000;

/** For the privacy officer: what was written without reading, whose it is and what became of it, without its words. */
export function CaptureRegister() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/captures", answer, EVERY);
  return (
    <section className={classes.register} aria-labelledby="written-without-reading">
      <h2 id="written-without-reading" className={classes.label}>
        {i18n._("Written down without reading")}
      </h2>
      <OnlineOnly answered={answered} label={i18n._("What is unassigned is being opened")}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={itemList.intro}>
              {i18n._("Nobody has written on a tablet whose offline time had ended.")}
            </p>
          ) : (
            <ul className={itemList.list}>
              {items.map((item) => (
                <Entry key={item.id} item={item} />
              ))}
            </ul>
          )
        }
      </OnlineOnly>
    </section>
  );
}

function Entry({ item }: { readonly item: CaptureEntry }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const author = useStaffName(item.authorId) || i18n._("Somebody");
  const name = useStaffName(item.decidedBy ?? "") || i18n._("Somebody");
  return (
    <li className={`${itemList.card} ${itemList.line}`}>
      <div className={itemList.facts}>
        <p className={itemList.meta}>
          {i18n._("{author}, {when}", { author, when: dateTimeText(item.writtenAt, zone) })}
          {item.recorded && ` · ${i18n._("with a recording")}`}
        </p>
        {item.decidedAt && (
          <p className={itemList.meta}>
            {i18n._("Decided by {name}, {when}", { name, when: dateTimeText(item.decidedAt, zone) })}
          </p>
        )}
      </div>
      <StateBadge tone={item.status === "waiting" ? "warn" : item.status === "matched" ? "good" : "plain"}>
        {item.status === "waiting"
          ? i18n._("Unassigned")
          : item.status === "matched"
            ? i18n._("In a chart")
            : i18n._("Discarded")}
      </StateBadge>
    </li>
  );
}
