import { setMaxListeners } from "node:events";
import type { Dispatcher } from "undici";
import { loginFor, readAptSettings, type AptSettings } from "./apt-settings.ts";
import { lookupOnce } from "./name-lookup.ts";
import { certificateAuthorities, proxySettings } from "./network-settings.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { usualTiming, type FetchContext, type FetchTiming } from "./wanted-file.ts";

export interface NetworkRequest {
  readonly method: "GET" | "HEAD";
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers over http and https, by way of proxies, with credentials, following redirections. */
export interface Network {
  request(url: string, request: NetworkRequest): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function timingOf(context: FetchContext): FetchTiming {
  return { ...usualTiming, ...context.timing };
}

/** Basic authorization from the URL itself, else from apt's auth.conf. */
export function authorization(url: URL, apt: AptSettings): Record<string, string> {
  const login = loginFor(url, apt.logins);
  const user = url.username === "" ? login?.user : decodeURIComponent(url.username);
  const password = url.username === "" ? login?.password : decodeURIComponent(url.password);
  if (user === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/** Loads the HTTP library and reads the host's settings; fails only for a proxy that cannot be used. */
export async function openNetwork(context: FetchContext): Promise<Result<Network>> {
  // Every request that waits listens to this one signal.
  setMaxListeners(0, context.signal);
  const [{ EnvHttpProxyAgent, interceptors, request }, apt] = await Promise.all([
    import("undici"),
    readAptSettings(context.environment),
  ]);
  const ca = await certificateAuthorities(context.environment, apt);
  const timing = timingOf(context);
  const tls = ca === undefined ? {} : { ca };
  let agent: Dispatcher;
  try {
    agent = new EnvHttpProxyAgent({
      ...proxySettings(context.environment, apt),
      // Many proxies allow CONNECT to port 443 alone, so plain http goes through them as a plain request.
      proxyTunnel: false,
      connections: context.concurrency ?? 8,
      headersTimeout: timing.stallMs,
      bodyTimeout: timing.stallMs,
      connect: { timeout: timing.connectMs, lookup: lookupOnce(), ...tls },
      requestTls: tls,
    });
  } catch (error) {
    return failed({
      code: "NVLAB_DOWNLOAD",
      // The library's message repeats the address with its password: only its kind is safe to show.
      message: `the proxy that the environment or apt names cannot be used (${error instanceof Error ? error.name : "unknown"})`,
      hint: "correct http_proxy and https_proxy: an http:// or https:// address with a port",
    });
  }
  // A mirror that redirects would have files fetched from somewhere else.
  const mirrored = (context.mirrors ?? []).length > 0;
  const dispatcher = mirrored ? agent : agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  return ok({
    request: (place, { method, signal, headers }) => {
      const url = new URL(place);
      const secret = authorization(url, apt);
      url.username = "";
      url.password = "";
      const all = { "user-agent": "nvlab", "accept-encoding": "identity", ...headers, ...secret };
      return request(url, { dispatcher, method, signal, headers: all });
    },
    close: () => agent.destroy(),
  });
}
