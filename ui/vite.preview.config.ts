import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Serves the screens with a scripted host, to be looked at in a browser; never part of the app. */
export default defineConfig({
  root: "src/testing/preview",
  plugins: [react()],
  build: { outDir: "../../../node_modules/.preview", emptyOutDir: true, assetsInlineLimit: 0 },
  server: { port: 5174, strictPort: true, fs: { allow: ["../../.."] } },
});
