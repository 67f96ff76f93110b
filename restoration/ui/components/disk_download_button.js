// Downloads what an address of the server answers, without a rerun; disk_download_button.py mounts it.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.querySelector("span").textContent = data.label;
  button.disabled = data.disabled;
  button.onclick = () => {
    const link = Object.assign(document.createElement("a"), { href: data.url, download: data.fileName });
    document.body.append(link);
    link.click();
    link.remove();
  };
}
