import { z } from 'zod';

// The policy of the page forbids eval, and zod would try it. Has to be imported before any schema is made.
z.config({ jitless: true });
