import "#pwa/local/without-eval.ts";

import "#pwa/design/styles.css";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";

import { createRoot } from "react-dom/client";
import { theme } from "#pwa/design/theme.ts";
import { i18n } from "#pwa/language/language.ts";
import { startLocal } from "#pwa/local/index.ts";
import { App } from "./app.tsx";

const root = createRoot(document.getElementById("root")!);

startLocal().then(
  () =>
    root.render(
      <StrictMode>
        <I18nProvider i18n={i18n}>
          {/* Variables come from styles.css: an injected style element would need markup from a string. */}
          <MantineProvider
            theme={theme}
            defaultColorScheme="auto"
            withCssVariables={false}
            withGlobalClasses={false}
          >
            <App />
          </MantineProvider>
        </I18nProvider>
      </StrictMode>,
    ),
  (failure: unknown) => {
    console.error(failure);
    import("./broken.tsx").then(
      ({ Broken }) => root.render(<Broken />),
      () => root.render("JamEMR cannot open its storage on this tablet. Load this page again."),
    );
  },
);
