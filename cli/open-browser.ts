import { spawn } from "node:child_process";
import { once } from "node:events";
import { consoleLink, ownConsoleLink } from "../infra/local/console/console-link.ts";

/** A program that opens an address in the browser, and what it reads. */
interface Starter {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
}

/**
 * Opens the console of a cloud on this machine, where there is a browser; otherwise nothing happens. Arguments of a process can
 * be read by all users of some systems: there, what is opened is no use to others.
 */
export function openLocalConsole(cloud: Parameters<typeof consoleLink>[0]): Promise<void> {
  switch (process.platform) {
    case "darwin":
      return start({ command: "osascript", args: ["-"], input: `open location "${consoleLink(cloud)}"\n` });
    case "win32":
      return openBrowser(consoleLink(cloud));
    default:
      return openBrowser(ownConsoleLink(cloud));
  }
}

/** Opens an address that is no secret, where there is a browser; otherwise nothing happens. */
export function openBrowser(address: string): Promise<void> {
  switch (process.platform) {
    case "darwin":
      return start({ command: "open", args: [address] });
    case "win32":
      // `start` is a word of a shell, which would read more into an address than is there.
      return start({ command: "rundll32", args: ["url.dll,FileProtocolHandler", address] });
    default:
      return start({ command: "xdg-open", args: [address] });
  }
}

async function start({ command, args, input }: Starter): Promise<void> {
  // A browser that this starts goes on afterwards: it need not know the phone system's user, nor how the package's command shares out memory.
  const { ENSWITCH_USERNAME: _username, ENSWITCH_PASSWORD: _password, MALLOC_ARENA_MAX: _arenas, ...env } = process.env;
  const child = spawn(command, args, { env, detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  child.unref();
  await once(child, "spawn").catch(() => {});
}
