"""A headless Chromium that tests talk to over a pipe (Chrome DevTools Protocol, messages separated by NUL): no port, no library."""

import json
import os
import shutil
import subprocess
import tempfile
import threading


def program():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


class Chromium:
    """One page. Everything it logs, throws or asks for is kept in `complaints` and `requests`."""

    def __init__(self):
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        self._profile = tempfile.mkdtemp(prefix="hone-chromium-")
        arguments = [program(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
                     "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + self._profile, "about:blank"]

        def place_pipes():  # Chromium reads from 3 and writes to 4
            spare_read, spare_write = os.dup(to_read), os.dup(to_write)
            os.dup2(spare_read, 3)
            os.dup2(spare_write, 4)

        self._process = subprocess.Popen(arguments, close_fds=False, preexec_fn=place_pipes, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self._number, self._buffer = 0, b""
        self._timer = threading.Timer(240, self._process.kill)
        self._timer.start()
        self.complaints, self.requests, self._loaded = [], [], False
        self._session = None
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _next(self):
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 16)
            if not chunk:
                raise RuntimeError("chromium ended, or took longer than four minutes")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line)
        self._take(message.get("method"), message.get("params", {}))
        return message

    def _take(self, event, facts):
        if event == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"])
        elif event == "Log.entryAdded":
            self.complaints.append(facts["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(facts["exceptionDetails"]["text"])
        elif event == "Runtime.consoleAPICalled":
            self.complaints.append(str(facts["args"]))
        elif event == "Page.javascriptDialogOpening":
            self.complaints.append("dialog: " + facts["message"])
        elif event == "Page.loadEventFired":
            self._loaded = True

    def open(self, path):
        self.complaints, self.requests, self._loaded = [], [], False
        self.call("Page.navigate", url="file://" + str(path))
        while not self._loaded:
            self._next()

    def look(self, scheme="light", media="screen", width=1200, height=900):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "script failed"))
        return answer["result"].get("value")

    def picture(self):
        """PNG of the whole page, base64."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        return self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]

    def pdf(self):
        return self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]

    def close(self):
        self._timer.cancel()
        try:
            self._session = None
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self._process.wait(20)
        shutil.rmtree(self._profile, ignore_errors=True)
