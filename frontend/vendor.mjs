// Copies the vendored scripts, their licences and the icons; bundles the parts of ECharts in use.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const out = process.argv[2];
const vendor = `${out}/static/console/vendor`;
const icons = `${out}/templates/icons`;
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;

// Licence texts that a package leaves out of what it publishes: kept here, from the project's own repository.
const licence = (name, file) =>
  copyFileSync(
    [`licences/${file}`, `node_modules/${name}/LICENSE`, `node_modules/${name}/LICENSE.txt`].find((path) => existsSync(path)),
    `${vendor}/licences/${file}`,
  );

for (const folder of [vendor, icons]) rmSync(folder, { recursive: true, force: true });
for (const folder of [`${vendor}/licences`, icons]) mkdirSync(folder, { recursive: true });

copyFileSync("node_modules/htmx.org/dist/htmx.min.js", `${vendor}/htmx.min.js`);
licence("htmx.org", "htmx.txt");
copyFileSync("node_modules/@alpinejs/csp/dist/cdn.min.js", `${vendor}/alpine-csp.min.js`);
licence("@alpinejs/csp", "alpine.txt");
buildSync({
  entryPoints: ["echarts.js"], bundle: true, minify: true, format: "iife", target: "es2020",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", banner: { js: `/* Apache ECharts ${version("echarts")}, licences/echarts.txt and zrender.txt */` },
  outfile: `${vendor}/echarts.min.js`,
});
licence("echarts", "echarts.txt");
copyFileSync("node_modules/echarts/NOTICE", `${vendor}/licences/echarts-notice.txt`);
licence("zrender", "zrender.txt");
licence("tslib", "tslib.txt");

// An icon's shapes only: size, stroke and colour come from the class "icon".
const names = readFileSync("icons.txt", "utf8").split(/\s+/).filter(Boolean);
for (const name of names) {
  const shapes = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8")
    .replace(/<!--.*?-->/gs, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
  writeFileSync(`${icons}/${name}.svg`, `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes}</svg>\n`);
}
licence("lucide-static", "lucide.txt");

const shipped = { "htmx.org": "0BSD", "@alpinejs/csp": "MIT", echarts: "Apache-2.0", zrender: "BSD-3-Clause", tslib: "0BSD", "lucide-static": "ISC", daisyui: "MIT", tailwindcss: "MIT" };
licence("daisyui", "daisyui.txt");
licence("tailwindcss", "tailwindcss.txt");
writeFileSync(`${vendor}/VERSIONS.json`, JSON.stringify(
  Object.fromEntries(Object.entries(shipped).map(([name, terms]) => [name, { version: version(name), licence: terms }])), null, 2) + "\n");
