import { type Account, resumeAccount } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";

/** Tells which version of the credentials is stored; `undefined`: none are. */
export interface SecretVersion {
  read(): Promise<{ readonly version: string } | undefined>;
}

/** Reads the account. When it is paused because of its credentials and others have been stored since, it is resumed. */
export async function resumeOnNewCredentials(store: AccountStore, secret: SecretVersion): Promise<Account> {
  const account = await store.read();
  const { pause } = account;
  if (pause?.code !== "credentials") return account;
  const credentials = await secret.read();
  if (credentials === undefined || credentials.version === pause.secretVersion) return account;
  return store.change((now) => {
    const resumed = now.pause?.code === "credentials" && now.epoch === account.epoch ? resumeAccount(now) : now;
    return { account: resumed, result: resumed };
  });
}
