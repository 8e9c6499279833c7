import { visibleText } from "../../shared/report/page/visible-text.ts";

/** What Cognito calls the session of everybody of an identity pool, so that it says nothing about who it is. */
const everybody = "CognitoIdentityCredentials";

/** How the page names somebody whom a summary names. */
export const personName = (by: string): string => (by === everybody ? "somebody who signed in here" : visibleText(by));
