/** Sends one mail to the people who look after the stack. Resolves when it was accepted for delivery. */
export type Mail = (subject: string, text: string) => Promise<void>;
