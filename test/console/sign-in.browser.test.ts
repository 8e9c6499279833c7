import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, removePerson } from "../../cli/console-people.ts";
import { groupFor } from "../../shared/console/groups.ts";
import type { Role } from "../../shared/console/session.ts";
import { chromiumPath } from "../report/chromium.ts";
import { choose } from "./console-cloud.ts";
import { type FrontOfAws, startFrontOfAws } from "./front-of-aws.ts";
import { type StackOnAws, startStackOnAws } from "./stack-on-aws.ts";

const executable = chromiumPath();
if (!executable) console.warn("There is no Chromium on this machine: signing in to the console is not tested.");

/**
 * The page as people have it on AWS: from CloudFront with its headers, with the user pool's login pages, the identity pool and
 * S3 under their own names, all as the stack's template says.
 */
describe.skipIf(!executable)("signing in on AWS", () => {
  const resources = new AsyncDisposableStack();
  let stack: StackOnAws;
  let front: FrontOfAws;
  let browser: Browser;
  let pool: { readonly client: CognitoIdentityProviderClient; readonly pool: string };

  beforeAll(async () => {
    stack = resources.use(await startStackOnAws());
    front = resources.use(await startFrontOfAws(stack));
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const client = new CognitoIdentityProviderClient({
      endpoint: stack.service.endpoint,
      region: "us-east-1",
      credentials,
    });
    resources.defer(() => client.destroy());
    pool = { client, pool: stack.service.signIn.userPoolId };
    browser = await chromium.launch({
      executablePath: executable ?? "",
      args: [
        "--no-sandbox",
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--ignore-certificate-errors",
        `--host-resolver-rules=MAP * 127.0.0.1:${front.port}`,
      ],
    });
    resources.defer(() => browser.close());
  }, 180_000);
  afterAll(() => resources.disposeAsync());

  /** Adds somebody, and tells the password in the invitation. */
  async function invited(mail: string, roles: readonly Role[]): Promise<string> {
    await addPerson(pool, mail, groupFor(roles));
    return stack.service.invitations.findLast((invitation) => invitation.mail === mail)?.password ?? "";
  }

  interface Visit extends AsyncDisposable {
    readonly page: Page;
    readonly context: BrowserContext;
    /** Errors of the page and what the browser blocked. */
    readonly said: readonly string[];
  }

  async function visit(): Promise<Visit> {
    const context = await browser.newContext({ bypassCSP: false });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.text()} ${message.location().url}`));
    page.on("pageerror", (error) => said.push(error.message));
    return { page, context, said, [Symbol.asyncDispose]: () => context.close() };
  }

  async function signIn(page: Page, mail: string, password: string): Promise<void> {
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Email").fill(mail);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  const signOut = (page: Page) => page.getByRole("button", { name: "Sign out" });

  it("takes people to the login pages and back to where they were, and leaves no code in the address", async () => {
    const password = await invited("anna@example.com", ["uploader", "reader"]);
    await using tab = await visit();
    const { page, said } = tab;
    await page.goto(`${front.url}#/new`);
    await signIn(page, "anna@example.com", password);
    await page.getByRole("heading", { name: "Send to a list" }).waitFor();
    expect(page.url()).toBe(`${front.url}#/new`);
    expect(await page.locator("header").innerText()).toContain("anna@example.com");

    // The keys work for what the person may do: the list goes to S3 with the person's tag, and is judged.
    await choose(page, "spring.csv", "phone,message\n+447700900001,Hello\n");
    await page.getByText("1 message would be sent").first().waitFor();
    const puts = front.asked.filter((line) => line.startsWith("PUT "));
    const check = `PUT ${stack.settings.bucket}.s3.us-east-1.amazonaws.com/check/`;
    expect(puts.map((line) => line.slice(0, check.length))).toEqual(puts.map(() => check));
    expect(puts.some((line) => line.endsWith(".csv"))).toBe(true);
    expect(said).toEqual([]);
    expect(stack.cloud.usage.denials()).toEqual([]);

    // Loading the page again needs no password.
    await page.reload();
    await signOut(page).waitFor();

    // Who is signed in is so in this tab alone, and until it is closed.
    const other = await tab.context.newPage();
    await other.goto(front.url);
    await other.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await other.evaluate("JSON.stringify({ ...localStorage })")).not.toMatch(/token/i);
    await other.close();

    await signOut(page).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.waitForURL((url) => url.href.startsWith(front.url));
    const kept = await page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])");
    expect(String(kept)).not.toMatch(/token/i);
    // Whoever had copied the tokens gets no others with them.
    expect(front.asked.filter((line) => line.endsWith("/oauth2/revoke"))).toHaveLength(1);
    // Nor does going back, or to the login pages: the next one has to type a password.
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Password").waitFor();
  });

  it("offers what the person's roles allow", async () => {
    const password = await invited("rita@example.com", ["reader"]);
    await using tab = await visit();
    await tab.page.goto(front.url);
    await signIn(tab.page, "rita@example.com", password);
    await tab.page.getByRole("heading", { name: "Campaigns" }).waitFor();
    expect(await tab.page.getByRole("link", { name: "Send to a list" }).count()).toBe(0);
    expect(tab.said).toEqual([]);
  });

  it("lets operators call every service that they need, under AWS's own names and by the page's policy", async () => {
    const password = await invited("olaf@example.com", ["operator"]);
    await using tab = await visit();
    const { page, said } = tab;
    await page.goto(front.url);
    await signIn(page, "olaf@example.com", password);
    await page.getByText("Sends at most").waitFor();
    await page.getByRole("button", { name: "Pause all sending" }).click();
    await page.getByText("All sending is paused.").first().waitFor();
    await page.getByRole("button", { name: "Resume all sending" }).click();
    await page.getByRole("button", { name: "Pause all sending" }).waitFor();
    for (const host of ["dynamodb", "sqs"]) expect(front.asked).toContain(`POST ${host}.us-east-1.amazonaws.com/`);
    expect(said).toEqual([]);
  });

  it("says so to somebody who may do nothing yet, and signs out to try again", async () => {
    const password = await invited("nora@example.com", ["reader"]);
    await using tab = await visit();
    // Somebody took the person out of the group in AWS's own console.
    const { AdminRemoveUserFromGroupCommand } = await import("@aws-sdk/client-cognito-identity-provider");
    const whom = { UserPoolId: pool.pool, Username: "nora@example.com", GroupName: "reader" };
    await pool.client.send(new AdminRemoveUserFromGroupCommand(whom));
    await tab.page.goto(front.url);
    await signIn(tab.page, "nora@example.com", password);
    await tab.page.getByText("nobody has said what you may do here").waitFor();
  });

  it("refuses an answer of the login pages that this tab did not ask for", async () => {
    await using tab = await visit();
    await tab.page.goto(`${front.url}?code=stolen&state=of-somebody-else`);
    await tab.page.getByText("you are not signed in").waitFor();
    expect(tab.page.url()).toBe(`${front.url}#/`);
  });

  it("renews keys that end while the page is open, without a word", async () => {
    const password = await invited("uma@example.com", ["uploader", "reader"]);
    await using tab = await visit();
    const { page, said } = tab;
    await page.clock.install();
    await page.goto(front.url);
    await signIn(page, "uma@example.com", password);
    await signOut(page).waitFor();
    const keysBefore = stack.service.given.size;
    const seconds = 70 * 60;
    stack.service.pass(seconds);
    await page.clock.fastForward(seconds * 1000);
    await page.getByRole("link", { name: "Send to a list" }).first().click();
    await choose(page, "later.csv", "phone,message\n+447700900001,Hello\n");
    await page.getByText("1 message would be sent").first().waitFor();
    expect(stack.service.given.size).toBe(keysBefore + 1);
    expect(await page.getByText("signed out").count()).toBe(0);
    expect(said).toEqual([]);
  });

  it("stays signed in when tokens end, as long as the pool allows, and no longer when the person is removed", async () => {
    const password = await invited("tom@example.com", ["reader"]);
    await using tab = await visit();
    const { page } = tab;
    await page.goto(front.url);
    await signIn(page, "tom@example.com", password);
    await signOut(page).waitFor();
    // The tokens end after 15 minutes: they are renewed, each refresh token once.
    for (let turn = 0; turn < 2; turn++) {
      stack.service.pass(20 * 60);
      await page.reload();
      await signOut(page).waitFor();
    }
    await removePerson(pool, "tom@example.com");
    stack.service.pass(20 * 60);
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await signOut(page).count()).toBe(0);
  });
});
