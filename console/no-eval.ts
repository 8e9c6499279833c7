import * as z from "zod";

// The page's content security policy allows no code made of texts; zod would try, and the browser would report it.
z.config({ jitless: true });
