import { useLingui } from "@lingui/react";
import { IconInbox } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Quarantine } from "#domain/quarantine/index.ts";
import { longDateText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./waits-for-review.module.css";

/** On the chart, also without the clinic: something about this patient is written that nobody has looked at yet (C26). */
export function WaitsForReview({ patientId }: { readonly patientId: string }) {
  const { rows } = useRows("quarantine", { where: { patientId }, sort: "writtenAt" });
  const byAuthor = Map.groupBy(rows, ({ authorId }) => authorId);
  return [...byAuthor].map(([authorId, own]) => <Notice key={authorId} authorId={authorId} items={own} />);
}

interface NoticeProps {
  readonly authorId: string;
  readonly items: readonly Quarantine[];
}

function Notice({ authorId, items }: NoticeProps) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const may = useMay();
  // A nurse decides only about what she was handed, and nobody about what they handed over.
  const mine =
    may("quarantine:decide") &&
    items.some(({ handedTo }) =>
      handedTo === null
        ? user?.role !== "nurse"
        : handedTo === user?.id || (user?.role !== "nurse" && authorId !== user?.id),
    );
  const name = useStaffName(authorId) || i18n._("Somebody");
  const date = longDateText(items[0]!.writtenAt, practice?.zone ?? "UTC");
  return (
    <p className={classes.notice}>
      <IconInbox size={18} aria-hidden />
      <span>
        {i18n._(
          "{count, plural, one {An entry of {name} from {date} waits for review} other {# entries of {name}, the first from {date}, wait for review}}",
          { count: items.length, name, date },
        )}
      </span>
      {mine && (
        <Link to="/review" className={classes.link}>
          {i18n._("Review")}
        </Link>
      )}
    </p>
  );
}
