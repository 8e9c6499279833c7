import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text as textOf } from "node:stream/consumers";
import * as z from "zod";
import type { EmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { listenLocally } from "../../infra/local/local-server.ts";

/**
 * A stand-in for the user pool and the identity pool of a stack: it speaks as much of their protocol as the page and the
 * command `people` use, decides by what the stack's template says of them, and gives keys that the embedded cloud accepts.
 * What it cannot show is what AWS's own pages look like, and mails.
 */
export interface SignInService extends AsyncDisposable {
  readonly endpoint: string;
  /** Hosts of AWS that it stands for. */
  readonly hosts: readonly string[];
  /** As `fetch`, for requests to those hosts. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** What the page is told. */
  readonly signIn: PoolSettings;
  /** Invitations that were sent, by address, with the password in them. */
  readonly invitations: readonly { readonly mail: string; readonly password: string }[];
  /** People who were deleted while what they had signed in went on. */
  readonly leftSignedIn: readonly string[];
  /** The secret and the session token of keys that were given, by access key id. */
  readonly given: ReadonlyMap<string, { readonly secretAccessKey: string; readonly sessionToken: string }>;
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
}

interface PoolSettings {
  readonly kind: "pool";
  readonly issuer: string;
  readonly clientId: string;
  readonly domain: string;
  readonly userPoolId: string;
  readonly identityPoolId: string;
}

/** The parts of a stack's template that say who may sign in how, with references resolved. */
export interface PoolTemplate {
  readonly client: {
    readonly CallbackURLs: readonly string[];
    readonly LogoutURLs: readonly string[];
    readonly AllowedOAuthScopes: readonly string[];
    readonly IdTokenValidity: number;
    readonly RefreshTokenValidity: number;
  };
  readonly principalTags: Readonly<Record<string, string>>;
  /** In order; `policies` are the logical ids of the role's managed policies. */
  readonly rules: readonly {
    readonly Claim: string;
    readonly MatchType: string;
    readonly Value: string;
    readonly role: string;
    readonly policies: readonly string[];
  }[];
  readonly groupNames: readonly string[];
}

interface User {
  readonly sub: string;
  readonly mail: string;
  password: string;
  status: "FORCE_CHANGE_PASSWORD" | "CONFIRMED";
  readonly groups: Set<string>;
  /** Tokens from before it are not good any more, in seconds. */
  signedOutAt: number;
}

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

class ServiceError extends Error {}

const base64url = (value: string | Uint8Array) => Buffer.from(value).toString("base64url");

/** Starts it; `settings` are what the page is told, and `cloud` gives the keys. */
export async function startSignInService({
  cloud,
  settings,
  template,
}: {
  readonly cloud: Pick<EmbeddedCloud, "poolSession">;
  readonly settings: PoolSettings;
  readonly template: PoolTemplate;
}): Promise<SignInService> {
  const server = await listenLocally();
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const region = settings.identityPoolId.split(":")[0] ?? "";
  const provider = settings.issuer.replace("https://", "");
  const users = new Map<string, User>();
  const codes = new Map<
    string,
    { user: User; challenge: string; redirectUri: string; scope: string; nonce?: string }
  >();
  const refreshTokens = new Map<string, { user: User; until: number; scope: string; authTime: number }>();
  const identities = new Map<string, User>();
  const browserSessions = new Map<string, User>();
  const invitations: { mail: string; password: string }[] = [];
  const leftSignedIn: string[] = [];
  const given = new Map<string, { secretAccessKey: string; sessionToken: string }>();
  let passed = 0;
  const now = () => Math.floor(Date.now() / 1000) + passed;

  const userOf = (mail: string): User => {
    const user = users.get(mail.toLowerCase()) ?? [...users.values()].find(({ sub }) => sub === mail);
    if (user === undefined) throw new ServiceError("UserNotFoundException");
    return user;
  };

  // Tokens

  const tokenOf = (claims: object): string => {
    const head = `${base64url(JSON.stringify({ alg: "RS256", kid: "key" }))}.${base64url(JSON.stringify(claims))}`;
    return `${head}.${base64url(sign("sha256", Buffer.from(head), privateKey))}`;
  };

  const tokensFor = (
    user: User,
    scope: string,
    { nonce, authTime = now() }: { nonce?: string; authTime?: number } = {},
  ) => {
    const lifetime = template.client.IdTokenValidity * 60;
    const common = { sub: user.sub, iss: settings.issuer, iat: now(), auth_time: authTime, exp: now() + lifetime };
    const groups = user.groups.size === 0 ? {} : { "cognito:groups": [...user.groups] };
    const refresh = randomBytes(24).toString("base64url");
    refreshTokens.set(refresh, { user, scope, authTime, until: now() + template.client.RefreshTokenValidity * 60 });
    return {
      id_token: tokenOf({
        ...common,
        ...groups,
        ...(nonce === undefined ? {} : { nonce }),
        aud: settings.clientId,
        token_use: "id",
        email: user.mail,
        email_verified: true,
        "cognito:username": user.sub,
      }),
      access_token: tokenOf({ ...common, ...groups, client_id: settings.clientId, token_use: "access", scope }),
      refresh_token: refresh,
      expires_in: lifetime,
      token_type: "Bearer",
    };
  };

  const IdToken = z.object({
    iss: z.literal(settings.issuer),
    aud: z.literal(settings.clientId),
    token_use: z.literal("id"),
    sub: z.string(),
    exp: z.number(),
    iat: z.number(),
    "cognito:groups": z.array(z.string()).optional(),
  });

  /** An id token's claims, if it is good and its owner has not been signed out or removed since. */
  const claimsOf = (token: string) => {
    const [head = "", body = "", signature = ""] = token.split(".");
    const isSigned = verify("sha256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url"));
    const claims = IdToken.safeParse(isSigned ? JSON.parse(Buffer.from(body, "base64url").toString()) : undefined);
    if (!claims.success || claims.data.exp <= now()) throw new ServiceError("NotAuthorizedException");
    const user = [...users.values()].find(({ sub }) => sub === claims.data.sub);
    if (user === undefined || user.signedOutAt > claims.data.iat) throw new ServiceError("NotAuthorizedException");
    return { claims: claims.data, user };
  };

  // The identity pool

  const Logins = z.object({ Logins: z.record(z.string(), z.string()) });

  const identityPool: Record<string, (body: unknown) => object> = {
    GetId: (body) => {
      const { IdentityPoolId } = z.object({ IdentityPoolId: z.string() }).parse(body);
      if (IdentityPoolId !== settings.identityPoolId) throw new ServiceError("ResourceNotFoundException");
      const { user } = claimsOf(Logins.parse(body).Logins[provider] ?? "");
      const id = `${region}:${user.sub}`;
      identities.set(id, user);
      return { IdentityId: id };
    },
    GetCredentialsForIdentity: (body) => {
      const { IdentityId } = z.object({ IdentityId: z.string() }).parse(body);
      const { claims, user } = claimsOf(Logins.parse(body).Logins[provider] ?? "");
      if (identities.get(IdentityId) !== user) throw new ServiceError("NotAuthorizedException");
      const rule = template.rules.find(({ Claim, MatchType, Value }) => {
        if (Claim !== "cognito:groups" || MatchType !== "Contains") throw new Error(`What is ${MatchType} ${Claim}?`);
        return claims["cognito:groups"]?.includes(Value) === true;
      });
      // AmbiguousRoleResolution: Deny.
      if (rule === undefined) throw new ServiceError("NotAuthorizedException");
      const tags = Object.fromEntries(
        Object.entries(template.principalTags).map(([tag, claim]) => [tag, String({ ...claims }[claim])]),
      );
      const { accessKeyId, secretAccessKey } = cloud.poolSession(rule.role, rule.policies, tags);
      const sessionToken = randomUUID();
      given.set(accessKeyId, { secretAccessKey, sessionToken });
      const secrets = { AccessKeyId: accessKeyId, SecretKey: secretAccessKey, SessionToken: sessionToken };
      return { IdentityId, Credentials: { ...secrets, Expiration: now() + 3600 } };
    },
  };

  // The user pool, as administrators use it

  const Whom = z.object({ UserPoolId: z.literal(settings.userPoolId), Username: z.string() });
  const InGroup = z.object({ UserPoolId: z.literal(settings.userPoolId), GroupName: z.enum(template.groupNames) });
  const shown = (user: User) => ({
    Username: user.sub,
    Enabled: true,
    UserStatus: user.status,
    Attributes: [
      { Name: "sub", Value: user.sub },
      { Name: "email", Value: user.mail },
    ],
  });
  /** One a page, so that pages are followed. */
  const page = (all: readonly User[], body: unknown, tokenName: string) => {
    const at = Number(z.looseObject({ [tokenName]: z.string().optional() }).parse(body)[tokenName] ?? 0);
    return {
      Users: all.slice(at, at + 1).map(shown),
      ...(at + 1 < all.length ? { [tokenName]: String(at + 1) } : {}),
    };
  };

  const invite = (user: User) => {
    user.password = `Aa1!${randomBytes(9).toString("base64url")}`;
    invitations.push({ mail: user.mail, password: user.password });
  };

  const userPool: Record<string, (body: unknown) => object> = {
    AdminGetUser: (body) => {
      const { Attributes, ...user } = shown(userOf(Whom.parse(body).Username));
      return { ...user, UserAttributes: Attributes };
    },
    AdminCreateUser: (body) => {
      const { Username, MessageAction } = Whom.extend({
        MessageAction: z.enum(["SUPPRESS", "RESEND"]).optional(),
      }).parse(body);
      if (MessageAction === "RESEND") {
        const user = userOf(Username);
        if (user.status !== "FORCE_CHANGE_PASSWORD") throw new ServiceError("UnsupportedUserStateException");
        invite(user);
        return { User: shown(user) };
      }
      if (users.has(Username.toLowerCase())) throw new ServiceError("UsernameExistsException");
      const user: User = {
        sub: randomUUID(),
        mail: Username,
        password: "",
        status: "FORCE_CHANGE_PASSWORD",
        groups: new Set(),
        signedOutAt: 0,
      };
      users.set(Username.toLowerCase(), user);
      if (MessageAction === undefined) invite(user);
      return { User: shown(user) };
    },
    AdminAddUserToGroup: (body) => {
      userOf(Whom.parse(body).Username).groups.add(InGroup.parse(body).GroupName);
      return {};
    },
    AdminRemoveUserFromGroup: (body) => {
      userOf(Whom.parse(body).Username).groups.delete(InGroup.parse(body).GroupName);
      return {};
    },
    AdminListGroupsForUser: (body) => ({
      Groups: [...userOf(Whom.parse(body).Username).groups].map((GroupName) => ({ GroupName })),
    }),
    AdminUserGlobalSignOut: (body) => {
      const user = userOf(Whom.parse(body).Username);
      user.signedOutAt = now() + 1;
      for (const [token, { user: owner }] of refreshTokens) if (owner === user) refreshTokens.delete(token);
      return {};
    },
    AdminDeleteUser: (body) => {
      const { mail, signedOutAt } = userOf(Whom.parse(body).Username);
      if (signedOutAt === 0) leftSignedIn.push(mail);
      users.delete(mail.toLowerCase());
      return {};
    },
    ListUsers: (body) => page([...users.values()], body, "PaginationToken"),
    ListUsersInGroup: (body) => {
      const { GroupName } = InGroup.parse(body);
      return page(
        [...users.values()].filter(({ groups }) => groups.has(GroupName)),
        body,
        "NextToken",
      );
    },
  };

  // The login pages

  const Asked = z.object({
    response_type: z.literal("code"),
    client_id: z.literal(settings.clientId),
    redirect_uri: z.enum(template.client.CallbackURLs),
    scope: z
      .string()
      .refine((scope) => scope.split(" ").every((one) => template.client.AllowedOAuthScopes.includes(one))),
    state: z.string().min(1),
    // Cognito would do without; the page must not.
    code_challenge: z.string().min(43),
    code_challenge_method: z.literal("S256"),
    nonce: z.string().optional(),
  });

  const goBack = (response: ServerResponse, asked: z.infer<typeof Asked>, user: User) => {
    const code = randomUUID();
    const { code_challenge: challenge, redirect_uri: redirectUri, scope, nonce } = asked;
    codes.set(code, { user, challenge, redirectUri, scope, ...(nonce === undefined ? {} : { nonce }) });
    const cookie = randomUUID();
    browserSessions.set(cookie, user);
    const back = new URLSearchParams({ code, state: asked.state });
    response
      .writeHead(302, {
        location: `${redirectUri}?${back}`,
        "set-cookie": `cognito=${cookie}; Path=/; Secure; HttpOnly`,
      })
      .end();
  };

  const authorize = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const asked = Asked.safeParse(Object.fromEntries(url.searchParams));
    if (!asked.success) return response.writeHead(400).end(z.prettifyError(asked.error));
    const user = browserSessions.get(/cognito=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    if (user !== undefined && users.has(user.mail.toLowerCase())) return goBack(response, asked.data, user);
    return response.writeHead(200, { "content-type": "text/html" }).end(
      `<!doctype html><title>Sign in</title><link rel="icon" href="data:,"><form method="post" action="/login${url.search.replaceAll("&", "&amp;")}">
<label>Email <input name="username" autocomplete="username"></label><label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button></form>`,
    );
  };

  const login = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const asked = Asked.parse(Object.fromEntries(url.searchParams));
    const form = new URLSearchParams(await textOf(request));
    const user = users.get((form.get("username") ?? "").toLowerCase());
    if (user === undefined || user.password !== form.get("password")) {
      return response.writeHead(401, { "content-type": "text/html" }).end("Incorrect username or password.");
    }
    // Here, who has signed in with the first password goes on with it.
    user.status = "CONFIRMED";
    return goBack(response, asked, user);
  };

  const redeem = async (request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await textOf(request));
    if (form.get("client_id") !== settings.clientId) return json(response, 400, { error: "invalid_client" });
    switch (form.get("grant_type")) {
      case "authorization_code": {
        const given = codes.get(form.get("code") ?? "");
        codes.delete(form.get("code") ?? "");
        const challenge = createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url");
        if (given?.challenge !== challenge || given.redirectUri !== form.get("redirect_uri")) {
          return json(response, 400, { error: "invalid_grant" });
        }
        return json(response, 200, tokensFor(given.user, given.scope, { nonce: given.nonce }));
      }
      case "refresh_token": {
        const token = form.get("refresh_token") ?? "";
        const given = refreshTokens.get(token);
        // RefreshTokenRotation: each is good for once.
        refreshTokens.delete(token);
        if (given === undefined || given.until <= now()) return json(response, 400, { error: "invalid_grant" });
        return json(response, 200, tokensFor(given.user, given.scope, { authTime: given.authTime }));
      }
      default:
        return json(response, 400, { error: "unsupported_grant_type" });
    }
  };

  const revoke = async (request: IncomingMessage, response: ServerResponse) => {
    refreshTokens.delete(new URLSearchParams(await textOf(request)).get("token") ?? "");
    return response.writeHead(200).end();
  };

  const logout = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const back = url.searchParams.get("logout_uri") ?? "";
    if (url.searchParams.get("client_id") !== settings.clientId || !template.client.LogoutURLs.includes(back)) {
      return response.writeHead(400).end("Invalid request");
    }
    browserSessions.delete(/cognito=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    return response.writeHead(302, { location: back, "set-cookie": "cognito=; Path=/; Max-Age=0" }).end();
  };

  const discovery = {
    issuer: settings.issuer,
    authorization_endpoint: `https://${settings.domain}/oauth2/authorize`,
    token_endpoint: `https://${settings.domain}/oauth2/token`,
    revocation_endpoint: `https://${settings.domain}/oauth2/revoke`,
    end_session_endpoint: `https://${settings.domain}/logout`,
    jwks_uri: `${settings.issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };

  const operations: Readonly<Record<string, Record<string, (body: unknown) => object>>> = {
    AWSCognitoIdentityService: identityPool,
    AWSCognitoIdentityProviderService: userPool,
  };

  const operate = async (request: IncomingMessage, response: ServerResponse) => {
    const [service = "", operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const body: unknown = JSON.parse(await textOf(request));
    try {
      const answer = operations[service]?.[operation]?.(body);
      if (answer === undefined) throw new ServiceError("UnknownOperationException");
      return json(response, 200, answer);
    } catch (error) {
      if (error instanceof ServiceError) return json(response, 400, { __type: error.message, message: error.message });
      throw error;
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    switch (`${request.method} ${url.pathname}`) {
      case `GET /${settings.userPoolId}/.well-known/openid-configuration`:
        return json(response, 200, discovery);
      case `GET /${settings.userPoolId}/.well-known/jwks.json`:
        return json(response, 200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256" }] });
      case "GET /oauth2/authorize":
        return authorize(request, response, url);
      case "POST /login":
        return await login(request, response, url);
      case "POST /oauth2/token":
        return await redeem(request, response);
      case "POST /oauth2/revoke":
        return await revoke(request, response);
      case "GET /logout":
        return logout(request, response, url);
      case "POST /":
        return await operate(request, response);
      default:
        return response.writeHead(404).end();
    }
  };

  server.serve((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const hosts = [
    new URL(settings.issuer).host,
    settings.domain,
    `cognito-identity.${region}.amazonaws.com`,
    `cognito-idp.${region}.amazonaws.com`,
  ];
  return {
    endpoint: server.endpoint,
    hosts,
    signIn: settings,
    invitations,
    leftSignedIn,
    given,
    fetch: (target, init) => {
      const url = new URL(target instanceof Request ? target.url : target);
      if (!hosts.includes(url.host)) throw new Error(`${url.host} is not stood for.`);
      return fetch(`${server.endpoint}${url.pathname}${url.search}`, init);
    },
    pass: (seconds) => {
      passed += seconds;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
