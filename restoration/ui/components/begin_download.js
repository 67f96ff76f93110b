// Downloads a file that is ready, once for each call of the script; begin_download.py mounts it.

let last = null; // the call that was followed

export default function ({ data }) {
  if (data.call === last) return;
  last = data.call;
  const link = Object.assign(document.createElement("a"), { href: data.url, download: data.fileName });
  document.body.append(link);
  link.click();
  link.remove();
}
