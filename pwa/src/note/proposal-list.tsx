import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlus } from "@tabler/icons-react";
import classes from "./note.module.css";
import type { Proposal } from "./proposals.ts";

interface ProposalListProps {
  readonly proposals: readonly Proposal[];
  readonly onInsert: (proposal: Proposal) => void;
  readonly onEvidence: (evidence: string[]) => void;
}

/** What was said and is not in the section yet, beside the clinician's words and never in them unasked. */
export function ProposalList({ proposals, onInsert, onEvidence }: ProposalListProps) {
  const { i18n } = useLingui();
  if (proposals.length === 0) return null;
  return (
    <div className={classes.proposals}>
      <h4 className={classes.proposalsTitle}>{i18n._("Said in this visit")}</h4>
      <ul className={classes.proposalList}>
        {proposals.map((proposal) => (
          <li key={proposal.evidence.join(" ")} className={classes.proposal}>
            <button
              type="button"
              className={classes.listen}
              aria-label={i18n._("Listen: {text}", { text: proposal.text })}
              onClick={() => onEvidence([...proposal.evidence])}
            >
              <IconPlayerPlay size={18} aria-hidden />
            </button>
            <span className={classes.proposalText}>{proposal.text}</span>
            <Button
              variant="light"
              size="sm"
              h={44}
              leftSection={<IconPlus size={18} aria-hidden />}
              onClick={() => onInsert(proposal)}
            >
              {i18n._("Insert")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
