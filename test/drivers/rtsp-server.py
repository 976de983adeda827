#!/usr/bin/python3
"""An RTSP camera for tests: loops an H.264 elementary stream without encoding it again.

Reads one JSON object from its first argument:
  {"port": 0, "address": "127.0.0.1", "user": null, "password": null, "digest": false,
   "mounts": [{"path": "/cam", "file": "clip.h264", "fps": 25, "speed": 1, "damage": 0, "damaged": null, "once": false}]}
Prints one line of JSON {"port": N} when it listens. `damage` is the share of pictures that get wrong bytes, `damaged`
how many of the first pictures it concerns; null: all.
"""
import json
import random
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)


def access_units(data, h265):
    """Splits an Annex B stream at its access unit delimiters."""
    marks = []
    at = data.find(b'\x00\x00\x01')
    while at >= 0:
        kind = data[at + 3] >> 1 & 0x3F if h265 else data[at + 3] & 0x1F
        if kind == (35 if h265 else 9):
            marks.append(at - 1 if at > 0 and data[at - 1] == 0 else at)
        at = data.find(b'\x00\x00\x01', at + 3)
    marks.append(len(data))
    return [data[a:b] for a, b in zip(marks, marks[1:])]


def damaged(unit, noise):
    """Wrong bytes inside, the first 40 (start codes and parameters) left alone."""
    spoiled = bytearray(unit)
    for _ in range(max(1, len(spoiled) // 200)):
        if len(spoiled) > 41:
            spoiled[noise.randrange(40, len(spoiled))] = noise.randrange(256)
    return bytes(spoiled)


class Scene:
    """What the camera looks at: goes on from viewer to viewer, each beginning with a key frame."""

    def __init__(self, mount):
        self.mount = mount
        self.h265 = mount.get('codec') == 'h265'
        with open(mount['file'], 'rb') as clip:
            self.units = access_units(clip.read(), self.h265)
        self.noise = random.Random(7)
        self.shown = 0

    def is_key(self):
        unit = self.units[self.shown % len(self.units)]
        sps = b'\x00\x00\x01\x42' if self.h265 else b'\x00\x00\x01\x67'
        return sps in unit[:200]

    def begin(self):
        while not self.is_key():
            self.shown += 1

    def next(self):
        unit = self.units[self.shown % len(self.units)]
        self.shown += 1
        last = self.mount.get('damaged')
        spoils = last is None or self.shown <= last
        return damaged(unit, self.noise) if spoils and self.noise.random() < self.mount.get('damage', 0) else unit

    def over(self):
        return self.mount.get('once') and self.shown >= len(self.units)


class Feed:
    """Pushes the scene into the appsrc of a media, at the rate of the mount."""

    def __init__(self, source, scene):
        self.source = source
        self.scene = scene
        self.pushed = 0
        self.began = None

    def start(self, *_):
        if self.began is None:
            self.scene.begin()
            self.began = GLib.get_monotonic_time()
            GLib.timeout_add(4, self.tick)

    def tick(self):
        rate = self.scene.mount['fps'] * self.scene.mount.get('speed', 1)
        due = (GLib.get_monotonic_time() - self.began) / 1e6 * rate
        while self.pushed <= due and not self.scene.over():
            self.pushed += 1
            if self.source.emit('push-buffer', Gst.Buffer.new_wrapped(self.scene.next())) != Gst.FlowReturn.OK:
                return False
        return True


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self, mount):
        GstRtspServer.RTSPMediaFactory.__init__(self)
        self.scene = Scene(mount)
        self.feeds = []
        name = 'h265' if self.scene.h265 else 'h264'
        self.set_shared(True)
        self.set_launch(
            '( appsrc name=source is-live=true format=time do-timestamp=true max-bytes=4000000 '
            f'caps=video/x-{name},stream-format=byte-stream,alignment=au,framerate={mount["fps"]}/1 '
            f'! {name}parse config-interval=-1 ! rtp{name}pay name=pay0 pt=96 )'
        )
        self.connect('media-configure', self.on_media)

    def on_media(self, _factory, media):
        source = media.get_element().get_by_name_recurse_up('source')
        feed = Feed(source, self.scene)
        self.feeds.append(feed)
        source.connect('need-data', feed.start)


def main():
    order = json.loads(sys.argv[1])
    server = GstRtspServer.RTSPServer.new()
    server.set_address(order.get('address', '127.0.0.1'))
    server.set_service(str(order.get('port', 0)))
    if order.get('user'):
        auth = GstRtspServer.RTSPAuth.new()
        token = GstRtspServer.RTSPToken.new()
        token.set_string('media.factory.role', 'watcher')
        if order.get('digest'):
            auth.set_supported_methods(2)
            auth.set_realm('camera')
            auth.add_digest(order['user'], order['password'], token)
        else:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(order['user'], order['password']), token)
        server.set_auth(auth)
    for mount in order['mounts']:
        factory = Factory(mount)
        if order.get('user'):
            factory.add_role_from_structure(
                Gst.Structure.new_from_string(
                    'watcher, media.factory.access=(boolean)true, media.factory.construct=(boolean)true'
                )
            )
        server.get_mount_points().add_factory(mount['path'], factory)
    if server.attach(None) == 0:
        print(json.dumps({'error': 'cannot listen'}), flush=True)
        sys.exit(1)
    print(json.dumps({'port': server.get_bound_port()}), flush=True)
    GLib.MainLoop().run()


main()
