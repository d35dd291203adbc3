declare const WARDWATCH_VERSION: string;

/** Set from package.json by the build. */
export const VERSION = typeof WARDWATCH_VERSION === 'string' ? WARDWATCH_VERSION : '0.0.0-dev';
