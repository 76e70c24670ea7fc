import classes from "./phone-number.module.css";

/** A telephone number on one line: one that is broken over two is dialled wrong. */
export function PhoneNumber({ number }: { readonly number: string }) {
  return <span className={classes.whole}>{number}</span>;
}
