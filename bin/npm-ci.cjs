#!/usr/bin/env node
// Installs nvlab's npm packages from a folder that `nvlab mirror` made, with no other network: a server on this host's
// loopback gives npm what a registry would. Without packages of its own, as it runs before any are installed.
"use strict";

const { spawn } = require("node:child_process");
const { createReadStream, realpathSync, statSync } = require("node:fs");
const { createServer } = require("node:http");
const { join, sep } = require("node:path");

const usage = `Usage: node bin/npm-ci.cjs MIRROR [options of npm ci]

MIRROR is a folder that \`nvlab mirror\` made, or the address of a host that serves it at its top.

Example:
  node bin/npm-ci.cjs /srv/nvlab
`;

/** The file behind a request's path, or undefined: nothing outside the folder, whatever links there are. */
function fileOf(folder, url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://mirror.invalid").pathname);
    let found = realpathSync(join(folder, path));
    if (statSync(found).isDirectory()) found = realpathSync(join(found, "index.html"));
    return found.startsWith(folder + sep) && statSync(found).isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}

function serve(folder) {
  const server = createServer((request, response) => {
    const file = fileOf(folder, request.url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-length": statSync(file).size });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

async function main([mirror, ...options]) {
  if (mirror === undefined || mirror === "--help" || mirror === "-h") {
    process[mirror === undefined ? "stderr" : "stdout"].write(usage);
    return mirror === undefined ? 2 : 0;
  }
  let base = mirror.replace(/\/+$/, "");
  let server;
  if (!/^https?:/.test(mirror)) {
    try {
      const folder = realpathSync(mirror);
      statSync(join(folder, "npm"));
      server = await serve(folder);
    } catch {
      process.stderr.write(`npm-ci: ${mirror} is no mirror with npm packages: there is no npm/ in it\n`);
      return 2;
    }
    base = `http://127.0.0.1:${server.address().port}`;
  }
  const settings = ["--registry", `${base}/npm/`, "--replace-registry-host=always"];
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier"];
  const local =
    server === undefined
      ? {}
      : { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1", npm_config_noproxy: "127.0.0.1" };
  const child = spawn("npm", ["ci", ...settings, ...quiet, ...options], {
    stdio: "inherit",
    env: { ...process.env, ...local },
  });
  const status = await new Promise((done) => {
    child.on("error", (error) => {
      process.stderr.write(`npm-ci: npm cannot be started: ${error.message}\n`);
      done(127);
    });
    child.on("close", (code) => done(code ?? 1));
  });
  server?.closeAllConnections();
  server?.close();
  return status;
}

main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
