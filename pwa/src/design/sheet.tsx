import "@mantine/core/styles/Drawer.css";
import { useLingui } from "@lingui/react";
import { Drawer } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { ClockNotice } from "./clock-notice.tsx";
import classes from "./sheet.module.css";

interface SheetProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Stays at the lower edge while the rest scrolls: the one thing that ends the work here. */
  readonly foot?: ReactNode;
}

/** A piece of work beside the screen that it belongs to. Escape, the cross and a tap outside close it. */
export function Sheet({ title, onClose, children, foot }: SheetProps) {
  const { i18n } = useLingui();
  useFocusReturn();
  return (
    <Drawer
      opened
      returnFocus={false}
      onClose={onClose}
      position="right"
      size="30rem"
      title={title}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      transitionProps={{ duration: 120 }}
      classNames={{
        content: classes.content ?? "",
        header: classes.header ?? "",
        title: classes.title ?? "",
        body: classes.body ?? "",
      }}
    >
      <ClockNotice />
      <div className={classes.scroll}>{children}</div>
      {foot && <div className={classes.foot}>{foot}</div>}
    </Drawer>
  );
}

/** Whoever came by keyboard goes on where the sheet was opened, unless something else took the focus meanwhile. */
function useFocusReturn(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement && before.isConnected)
          before.focus({ preventScroll: true });
      });
    };
  }, []);
}
