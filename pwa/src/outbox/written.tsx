import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useId, useState } from "react";
import { type CollectionName, isCollectionName } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { useRow } from "#pwa/local/index.ts";
import { ReviewContent } from "#pwa/review/review-content.tsx";
import { readableArgs } from "./readable-args.ts";
import classes from "./waiting.module.css";

/** The person's own words in a change, beside what the record says now; closed until they are wanted. */
export function Written({ mutation }: { readonly mutation: PushedMutation }) {
  const { i18n } = useLingui();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        aria-expanded={open}
        aria-controls={id}
        rightSection={
          open ? <IconChevronUp size={18} aria-hidden /> : <IconChevronDown size={18} aria-hidden />
        }
        onClick={() => setOpen(!open)}
      >
        {i18n._("What you wrote")}
      </Button>
      <div id={id} className={classes.written}>
        {open && <Content mutation={mutation} />}
      </div>
    </div>
  );
}

function Content({ mutation }: { readonly mutation: PushedMutation }) {
  const { name, args } = mutation;
  const collection = name.split(".")[0] ?? "";
  const known: CollectionName = isCollectionName(collection) ? collection : "patient";
  const { row } = useRow(known, args.id);
  const present = row ? { ...row } : null;
  return <ReviewContent item={{ name, args: readableArgs(mutation), present }} />;
}
