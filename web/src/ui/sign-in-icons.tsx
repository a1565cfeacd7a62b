import { icon } from './icons.tsx';

// Apart from the others, which the first load brings.
export const EyeIcon = icon(
  <>
    <path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z" />
    <circle cx="8" cy="8" r="1.75" />
  </>,
);
export const EyeOffIcon = icon(
  <path d="m2.5 2.5 11 11M6.5 3.95A5.9 5.9 0 0 1 8 3.75C12 3.75 14.25 8 14.25 8a11 11 0 0 1-1.7 2.2M10.4 11.6a5.6 5.6 0 0 1-2.4.65C4 12.25 1.75 8 1.75 8A10.6 10.6 0 0 1 4.4 5.05M6.8 6.75a1.75 1.75 0 0 0 2.45 2.45" />,
);
export const PasskeyIcon = icon(
  <path d="M6.5 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM2 13.5c0-2.2 1.95-3.75 4.5-3.75.4 0 .8.04 1.17.11M11.75 9.5a1.75 1.75 0 1 0-.02-3.5 1.75 1.75 0 0 0 .02 3.5Zm0 0v4.25l1-1-.75-.9.75-.85" />,
);
export const KeyIcon = icon(
  <path d="M5.25 13.25a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM7.1 9.1l6.15-6.35M11 5.1l1.75 1.75M9.25 6.9l1.1 1.1" />,
);
export const SignOutIcon = icon(<path d="M6.5 2.5h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M10.5 11l3-3-3-3M13.25 8H6.5" />);
export const PersonIcon = icon(
  <path d="M8 7.75A2.75 2.75 0 1 0 8 2.25a2.75 2.75 0 0 0 0 5.5ZM2.75 13.75c0-2.35 2.3-3.75 5.25-3.75s5.25 1.4 5.25 3.75" />,
);
export const MailIcon = icon(
  <path d="M2.5 3.5h11a.75.75 0 0 1 .75.75v7.5a.75.75 0 0 1-.75.75h-11a.75.75 0 0 1-.75-.75v-7.5a.75.75 0 0 1 .75-.75ZM2 4.25l6 4.5 6-4.5" />,
);
export const DeviceIcon = icon(
  <path d="M2.75 3h10.5a.75.75 0 0 1 .75.75v6.5a.75.75 0 0 1-.75.75H2.75a.75.75 0 0 1-.75-.75v-6.5A.75.75 0 0 1 2.75 3ZM5.5 13.5h5M8 11v2.5" />,
);
export const PhoneIcon = icon(
  <path d="M5.25 1.75h5.5a.75.75 0 0 1 .75.75v11a.75.75 0 0 1-.75.75h-5.5a.75.75 0 0 1-.75-.75v-11a.75.75 0 0 1 .75-.75ZM7 12h2" />,
);
