import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./choice-chips.module.css";

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly tone?: "bad";
}

interface ChoicesProps<V extends string> {
  readonly label: string;
  readonly options: readonly Choice<V>[];
  /** Everything that is chosen now. */
  readonly value: readonly V[];
  readonly onChange: (value: V[]) => void;
  /** Several at once; otherwise a tap on another one replaces the first. */
  readonly several?: boolean;
  readonly hint?: ReactNode;
  readonly hideLabel?: boolean;
}

/** Things to tap instead of typing. */
export function Choices<V extends string>({
  label,
  options,
  value,
  onChange,
  several = false,
  hint,
  hideLabel = false,
}: ChoicesProps<V>) {
  const toggle = (one: V) => {
    if (!several) return onChange([one]);
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  };
  return (
    <fieldset className={classes.group} aria-label={label}>
      {!hideLabel && <legend className={classes.legend}>{label}</legend>}
      {hint && <p className={classes.hint}>{hint}</p>}
      <div className={classes.list}>
        {options.map((option) => {
          const chosen = value.includes(option.value);
          return (
            <button
              key={option.value}
              type="button"
              aria-pressed={chosen}
              data-tone={option.tone}
              className={classes.choice}
              onClick={() => toggle(option.value)}
            >
              {chosen && <IconCheck size={18} stroke={2.4} aria-hidden />}
              {option.label}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
