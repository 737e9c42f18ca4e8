import { readdirSync } from "node:fs";
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/**
 * Which folder of src may import which others: only what stands above it. A feature never imports another one, but for
 * the entries below; nothing imports app. `npm run graph` prints what comes of it, `npm run circles` looks for circles.
 */
const mayImport = {
  bindings: [],
  lib: ["bindings"],
  components: ["bindings", "lib"],
  host: ["bindings"],
  actions: ["bindings", "lib", "components"],
  state: ["bindings", "lib", "components", "host", "actions"],
  navigation: ["bindings", "lib", "components", "host", "actions", "state"],
  features: ["bindings", "lib", "components", "host", "actions", "state", "navigation"],
  app: ["bindings", "lib", "components", "host", "actions", "state", "navigation", "features"],
};
/** Which feature's `index.ts` is there for which other features. */
const featureEntries = {
  custody: ["swap"],
  notes: ["bulk", "delete", "details", "guided", "rotate"],
  place: ["custody", "rotate"],
  usage: ["bulk", "custody", "delete", "details", "guided", "rotate"],
};

const boundaries = [
  ...Object.entries(mayImport).map(([folder, others]) => ({
    target: `./src/${folder}`,
    from: "./src",
    except: [folder, ...others].map((each) => `./${each}`),
    message: `${folder}/ may import ${others.join(", ") || "nothing"}: see eslint.config.js.`,
  })),
  ...readdirSync(`${import.meta.dirname}/src/features`).map((feature) => ({
    target: `./src/features/${feature}`,
    from: "./src/features",
    except: [
      `./${feature}`,
      ...Object.entries(featureEntries).flatMap(([entry, users]) =>
        users.includes(feature) ? [`./${entry}/index.ts`] : [],
      ),
    ],
    message: "A feature doesn't know another one's insides: what both need belongs further down.",
  })),
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/bindings"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Text from the service is text, never markup.",
        },
      ],
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/testing/**", "src/**/*.test.{ts,tsx}"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts", ".tsx"],
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx"] })],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: boundaries }],
    },
  },
  {
    // One door to the platform, so that everything else runs without it.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/host/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/host talks to the platform." }] },
      ],
    },
  },
  {
    // The scripted host never reaches the app.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/host/**", "src/testing/**", "src/**/*.test.{ts,tsx}"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only src/host talks to the platform." },
            { group: ["**/testing/**"], message: "Test support stays out of the app." },
          ],
        },
      ],
    },
  },
);
