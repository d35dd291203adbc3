declare const WARDWATCH_VERSION: string;

/** Put in at build time from package.json. */
export const VERSION = typeof WARDWATCH_VERSION === 'string' ? WARDWATCH_VERSION : '0.0.0-dev';
