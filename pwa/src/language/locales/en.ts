// Compiled from the sentences of the code by "npm run language". Change them there.
import type { Messages } from "@lingui/core";

export const messages: Messages = {
  "Also written for this section, {time}": ["Also written for this section, ",["time"]],
  "Born {birthDate} · {age}": ["Born ",["birthDate"]," · ",["age"]],
  "Listen: {text}": ["Listen: ",["text"]],
  "Offline since {since}": ["Offline since ",["since"]],
  "Offline since {since}, {waiting} waiting": ["Offline since ",["since"],", ",["waiting"]," waiting"],
  "Recording, {time}": ["Recording, ",["time"]],
  "The attempt was recorded in the audit log as number {record}.": ["The attempt was recorded in the audit log as number ",["record"],"."],
  "Too many wrong PINs. Try again in {wait} seconds.": ["Too many wrong PINs. Try again in ",["wait"]," seconds."],
  "Work as {role}": ["Work as ",["role"]],
  "{attention, plural, one {# needs attention} other {# need attention}}": [["attention","plural",{"one":["#"," needs attention"],"other":["#"," need attention"]}]],
  "{count, plural, one {# day} other {# days}}": [["count","plural",{"one":["#"," day"],"other":["#"," days"]}]],
  "{count, plural, one {# month} other {# months}}": [["count","plural",{"one":["#"," month"],"other":["#"," months"]}]],
  "{minutes} min": [["minutes"]," min"],
  "{name}, menu": [["name"],", menu"],
  "{name}, {time}": [["name"],", ",["time"]],
  "{time} are safe on this tablet.": [["time"]," are safe on this tablet."],
  "{time} lost": [["time"]," lost"],
  "{time} not recorded: off the record": [["time"]," not recorded: off the record"],
  "{time} not recorded: paused": [["time"]," not recorded: paused"],
  "{time} not recorded: the page was closed": [["time"]," not recorded: the page was closed"],
  "{time} not recorded: the tablet was locked": [["time"]," not recorded: the tablet was locked"],
  "{waiting} not sent yet; they stay sealed here and will be sent.": [["waiting"]," not sent yet; they stay sealed here and will be sent."],
  "{waiting} waiting": [["waiting"]," waiting"],
};
