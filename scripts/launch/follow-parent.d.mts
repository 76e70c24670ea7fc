/** Calls `gone` once the process that started this one has ended. Nothing happens without JAMEMR_PARENT_FD. */
export declare function whenParentGone(gone: () => void): void;
