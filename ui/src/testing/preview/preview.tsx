/** One screen in one state, chosen by the address: ?scene=list&theme=dark. To be looked at; never in the app. */
import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { App } from "../../App";
import { createClient } from "../../createClient";
import { HostContext } from "../../host/host";
import { fakeHost } from "../fakeHost";
import { scenes } from "./scenes";

const query = new URLSearchParams(location.search);
const theme = query.get("theme");
if (theme !== null) document.documentElement.dataset.theme = theme;
const text = query.get("text");
if (text !== null) document.documentElement.style.fontSize = `${text}%`;

const scene = scenes[query.get("scene") ?? "list"];
const root = document.getElementById("root");
if (scene === undefined || root === null) {
  document.body.textContent = `Scenes: ${Object.keys(scenes).join(", ")}`;
} else {
  createRoot(root).render(
    <HostContext value={fakeHost(scene)}>
      <QueryClientProvider client={createClient()}>
        <App />
      </QueryClientProvider>
    </HostContext>,
  );
}
