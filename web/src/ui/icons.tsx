import type { ReactNode } from 'react';

/** One icon: 16 by 16, strokes of 1.5, drawn in the colour of the text beside it and silent to screen readers. */
export function icon(shape: ReactNode) {
  // biome-ignore lint/correctness/noComponentHookFactories: called below only, once for each shape
  return function Icon() {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {shape}
      </svg>
    );
  };
}

export const UsersIcon = icon(
  <path d="M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4.25 6c0-2.2 1.9-3.75 4.25-3.75s4.25 1.55 4.25 3.75M10.75 2.9a2.5 2.5 0 0 1 0 4.2M12 10.2c1.4.55 2.25 1.75 2.25 3.3" />,
);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const SearchIcon = icon(<path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.25-1.25L13.5 13.5" />);
export const ChevronDownIcon = icon(<path d="m4 6 4 4 4-4" />);
export const ChevronRightIcon = icon(<path d="m6 4 4 4-4 4" />);
export const CheckIcon = icon(<path d="m3 8.5 3.5 3.5L13 4.5" />);
export const DashIcon = icon(<path d="M4 8h8" />);
export const ArrowUpIcon = icon(<path d="M8 13V3M4 7l4-4 4 4" />);
export const ArrowDownIcon = icon(<path d="M8 3v10M4 9l4 4 4-4" />);
export const ArrowLeftIcon = icon(<path d="M13 8H3M7 4 3 8l4 4" />);
export const HelpIcon = icon(
  <>
    <circle cx="8" cy="8" r="6.25" />
    <path d="M6.25 6.25A1.75 1.75 0 1 1 8 8.25V9M8 11.25v.01" />
  </>,
);
export const ColumnsIcon = icon(<path d="M2.5 3.5h11M2.5 8h7M2.5 12.5h9" />);
export const SlidersIcon = icon(
  <path d="M2 5h6.5M12.5 5H14M2 11h1.5M7.5 11H14M10.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm-5 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z" />,
);
export const MenuIcon = icon(<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />);
export const FoldIcon = icon(
  <path d="M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM6 2.5v11" />,
);
export const ExpandIcon = icon(<path d="M9.5 2.5h4v4M13.25 2.75 9 7M6.5 13.5h-4v-4M2.75 13.25 7 9" />);
export const MoreIcon = icon(<path d="M3.5 8v.01M8 8v.01M12.5 8v.01" strokeWidth="2" />);
export const CopyIcon = icon(
  <path d="M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM3 10.5a.5.5 0 0 1-.5-.5V3.5a1 1 0 0 1 1-1H10a.5.5 0 0 1 .5.5" />,
);
export const TrashIcon = icon(<path d="M2.5 4h11M6.5 4V2.5h3V4M4 4l.5 9.5h7L12 4M6.75 7v3.5M9.25 7v3.5" />);
export const PauseIcon = icon(<path d="M5.5 3.5v9M10.5 3.5v9" />);
export const PlayIcon = icon(<path d="M5 3.25v9.5L12.5 8 5 3.25Z" />);
export const UndoIcon = icon(<path d="M5.5 3 2.5 6l3 3M2.75 6h6.5a4 4 0 0 1 0 8H6" />);
export const WarningIcon = icon(<path d="M8 2.25 14.25 13H1.75L8 2.25ZM8 6.5v3M8 11.25v.01" />);
export const InfoIcon = icon(
  <>
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 7.25v4M8 4.75v.01" />
  </>,
);
export const OfflineIcon = icon(
  <path d="m2 2 12 12M3 8a7 7 0 0 1 2.2-1.5M8.7 5.6A7 7 0 0 1 13 8M5.5 10.5a3.5 3.5 0 0 1 4.4-.4M8 13v.01" />,
);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="6.25" />
    <path d="M8 4.5V8l2.25 1.5" />
  </>,
);
export const HistoryIcon = icon(<path d="M2.75 8a5.25 5.25 0 1 0 1.6-3.75L2.5 6M2.5 2.75V6h3.25M8 5.25V8l1.75 1.25" />);
