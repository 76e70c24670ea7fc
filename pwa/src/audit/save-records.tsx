import { useLingui } from "@lingui/react";
import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { after, instantNow } from "#domain/kernel/clock.ts";
import { Choice, DialogForm } from "#pwa/design/dialog-form.tsx";
import { type FileFormat, type Filter, fetchFile, fileFormats } from "./audit-records.ts";

interface SaveRecordsProps {
  readonly filter: Filter;
  readonly zone: string;
  /** Nothing is there to be saved. */
  readonly empty: boolean;
  readonly seesPatients: boolean;
}

/** Hands what the search finds to a file on this device; the clinic records that, before the first byte leaves. */
export function SaveRecords({ filter, zone, empty, seesPatients }: SaveRecordsProps) {
  const { i18n } = useLingui();
  const [asking, setAsking] = useState(false);
  const [format, setFormat] = useState<FileFormat>("csv");
  const asked = useAsked(asking);
  const save = async () => {
    const current = asked();
    const name = `audit-${instantNow().slice(0, 16).replaceAll(":", "")}.${format}`;
    const blob = await fetchFile(filter, zone, format);
    // A tablet that was locked meanwhile, or a person who thought better of it, gets no file.
    if (!current()) return;
    saveAs(blob, name);
    setAsking(false);
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={20} aria-hidden />}
        disabled={empty}
        onClick={() => setAsking(true)}
      >
        {i18n._("Save as a file")}
      </Button>
      {asking && (
        <DialogForm
          title={i18n._("Save these records as a file")}
          submit={i18n._("Save")}
          onClose={() => setAsking(false)}
          onSubmit={save}
        >
          <Choice
            label={i18n._("Kind of file")}
            value={format}
            onChange={(value) => setFormat(value in fileFormats ? (value as FileFormat) : "csv")}
            options={[
              { value: "csv", label: i18n._("Table for a spreadsheet (CSV)") },
              { value: "ndjson", label: i18n._("For another program (JSON, one record a line)") },
            ]}
          />
          <Text>
            {i18n._("Every record that the search finds is saved, also those that are not shown yet.")}{" "}
            {seesPatients
              ? i18n._("Patients are in it by their number, not by their name.")
              : i18n._("It does not say whose records they were.")}
          </Text>
          <Text>
            {i18n._(
              "Whoever has the file can read it. That you saved it, and how many records, is in the audit log.",
            )}
          </Text>
        </DialogForm>
      )}
    </>
  );
}

/** Whether the question that was asked when the work began is still on the screen when it ends. */
function useAsked(asking: boolean): () => () => boolean {
  const round = useRef(0);
  useEffect(() => {
    if (!asking) return;
    return () => {
      round.current++;
    };
  }, [asking]);
  return () => {
    const begun = round.current;
    return () => round.current === begun;
  };
}

function saveAs(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it over by then; the address would keep it in memory.
  after(60_000, () => URL.revokeObjectURL(address));
}
