import { type ReactNode, useId } from "react";
import classes from "./choices.module.css";

interface ChoicesProps<T extends string | number> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly { readonly value: T; readonly label: ReactNode; readonly note?: ReactNode }[];
  readonly onChange: (value: T) => void;
}

/** A few answers, all in sight: one tap chooses, arrow keys walk. */
export function Choices<T extends string | number>({ label, value, options, onChange }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.label}>{label}</legend>
      <div className={classes.options}>
        {options.map((option) => (
          <label key={option.value} className={classes.option}>
            <input
              type="radio"
              name={name}
              className={classes.radio}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
            {option.note && <span className={classes.note}>{option.note}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
