import type { I18n } from "@lingui/core";
import {
  type Icon,
  IconAlertTriangle,
  IconBuildingHospital,
  IconCloudUpload,
  IconDevices,
  IconDeviceTablet,
  IconLock,
  IconMicrophone,
  IconNote,
  IconPencil,
} from "@tabler/icons-react";
import type { Tone } from "#pwa/design/badge.tsx";
import type { DayClose, NoteState, SoundPlace } from "./day-close.ts";

interface Mark {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly words: string;
}

export function noteMark(i18n: I18n, note: NoteState): Mark {
  switch (note) {
    case "none":
      return { tone: "plain", icon: IconNote, words: i18n._("No note") };
    case "refused":
      return { tone: "bad", icon: IconAlertTriangle, words: i18n._("Note refused") };
    case "draft":
      return { tone: "warn", icon: IconPencil, words: i18n._("Draft, not signed") };
    case "signed":
      return { tone: "warn", icon: IconLock, words: i18n._("Signed on this tablet, not yet sealed") };
    case "sealed":
      return { tone: "good", icon: IconLock, words: i18n._("Signed and sealed") };
  }
}

export function soundMark(i18n: I18n, place: SoundPlace): Mark {
  switch (place) {
    case "being-made":
      return { tone: "bad", icon: IconMicrophone, words: i18n._("Recording: being made") };
    case "cut-off":
      return { tone: "bad", icon: IconAlertTriangle, words: i18n._("Recording: cut off") };
    case "sending":
      return { tone: "accent", icon: IconCloudUpload, words: i18n._("Recording: being sent") };
    case "on-this-tablet":
      return { tone: "warn", icon: IconDeviceTablet, words: i18n._("Recording: on this tablet") };
    case "elsewhere":
      return { tone: "warn", icon: IconDevices, words: i18n._("Recording: on another tablet") };
    case "at-the-clinic":
      return { tone: "good", icon: IconBuildingHospital, words: i18n._("Recording: at the clinic") };
  }
}

export const changesText = (i18n: I18n, count: number): string =>
  i18n._("{count, plural, one {# change waiting} other {# changes waiting}}", { count });

/** The day in one sentence: "12 of 14 visits safe, 1 recording being sent, 1 refused". */
export function daySentence(i18n: I18n, { visits, safe, sounds, waiting, refused }: DayClose): string {
  const some = (count: number) => ({
    recordings: i18n._("{count, plural, one {# recording} other {# recordings}}", { count }),
  });
  const parts: readonly (readonly [count: number, words: string])[] = [
    [sounds["being-made"], i18n._("{recordings} being made", some(sounds["being-made"]))],
    [sounds["cut-off"], i18n._("{recordings} cut off", some(sounds["cut-off"]))],
    [sounds.sending, i18n._("{recordings} being sent", some(sounds.sending))],
    [sounds["on-this-tablet"], i18n._("{recordings} on this tablet", some(sounds["on-this-tablet"]))],
    [sounds.elsewhere, i18n._("{recordings} on another tablet", some(sounds.elsewhere))],
    [waiting, changesText(i18n, waiting)],
    [refused, i18n._("{refused} refused", { refused })],
  ];
  return [
    i18n._("{safe} of {total, plural, one {# visit} other {# visits}} safe", { safe, total: visits.length }),
    ...parts.filter(([count]) => count > 0).map(([, words]) => words),
  ].join(", ");
}
