/** Mails the people who look after the stack. Resolves when the mail was accepted; goes nowhere when nobody subscribed. */
export type Mail = (subject: string, text: string) => Promise<void>;
