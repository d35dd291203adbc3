/** Of the commands that work on central's machine. */
export const DATA_DIR_OPTION = ['--data-dir <directory>', "central's data directory"] as const;
