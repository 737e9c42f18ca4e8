/** Starts the page in the real window. The general styles come first, so that the components' own win. */
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { createClient } from "./state/createClient";
import { takeHandover } from "./host/handover";
import { HostContext } from "./host/host";
import { tauriHost } from "./host/tauri";
import { afterFirstPaint } from "./state/afterFirstPaint";
import { seed } from "./state/seed";

const root = document.getElementById("root");
if (root === null) throw new Error("#root is missing");
const client = createClient();
const handover = takeHandover();
if (handover !== null) seed(client, handover);
const hasList = (handover?.keys ?? null) !== null;
const host = hasList ? afterFirstPaint(tauriHost) : tauriHost;
createRoot(root).render(
  <StrictMode>
    <HostContext value={host}>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </HostContext>
  </StrictMode>,
);
