import { type ReactElement, useEffect, useState } from 'react';
import type { Protection } from '#shared/domain/source-draft.ts';
import { type FormKind, type FormProblems, type SourceForm, withAddress } from '../../add/source-form.ts';
import { inquire } from '../../bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { LoginFields } from './login-fields.tsx';

export interface KindFieldsProps {
  readonly form: SourceForm;
  readonly problems: FormProblems;
  readonly protection: Protection | null;
  /** False: a source that exists is changed. */
  readonly adding: boolean;
  readonly onChange: (form: SourceForm) => void;
}

const NAMES: Readonly<Record<FormKind, string>> = {
  rtsp: 'For example: North gate',
  http: 'For example: North gate',
  webcam: 'For example: Front desk',
  file: 'As the file is called',
  folder: 'As the folder is called',
};

const TRANSPORTS = [
  { value: 'tcp', words: 'TCP', title: 'Safe: no picture is damaged on the way' },
  { value: 'udp', words: 'UDP', title: 'For cameras that cannot send by TCP' },
] as const;

/** The fields that a kind of source has, and its name. */
export function KindFields(props: KindFieldsProps): ReactElement {
  const { form, problems, adding, onChange } = props;
  return (
    <>
      {form.kind === 'rtsp' || form.kind === 'http' ? <CameraFields key={form.kind} {...props} /> : null}
      {form.kind === 'webcam' ? (
        <>
          <WebcamField {...props} />
          <CodingField {...props} />
        </>
      ) : null}
      {form.kind === 'file' || form.kind === 'folder' ? <PathField {...props} /> : null}
      {form.kind === 'file' ? <FileWays {...props} /> : null}
      <TextField
        label="Name"
        value={form.title}
        maxLength={120}
        placeholder={NAMES[form.kind]}
        autoFocus={!adding}
        problem={problems.title}
        testId="title-field"
        onChange={(title) => onChange({ ...form, title })}
      />
    </>
  );
}

function CameraFields({ form, problems, protection, adding, onChange }: KindFieldsProps): ReactElement {
  const rtsp = form.kind === 'rtsp';
  return (
    <>
      <TextField
        label="Address"
        value={form.address}
        inputMode="url"
        autoFocus={adding}
        placeholder={rtsp ? 'rtsp://192.168.1.20/stream1' : 'https://example.org/camera/index.m3u8'}
        hint="A user and password pasted with it are moved to their own fields."
        problem={problems.address}
        testId="address-field"
        onChange={(address) => onChange(withAddress(form, address))}
      />
      {rtsp ? (
        <div className="field">
          <span className="field-name">Sent by</span>
          <Segments
            label="Sent by"
            value={form.transport}
            options={TRANSPORTS}
            onChange={(transport) => onChange({ ...form, transport })}
          />
        </div>
      ) : null}
      <LoginFields form={form} problems={problems} protection={protection} onChange={onChange} />
      {form.certificate === null ? null : (
        <div className="field">
          <span className="field-name">Accepted certificate</span>
          <div className="add-kept">
            <Fingerprint fingerprint={form.certificate} />
            <Button size="small" onClick={() => onChange({ ...form, certificate: null })}>
              Forget
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

type Devices = readonly { readonly device: string; readonly title: string }[];

function WebcamField({ form, problems, onChange }: KindFieldsProps): ReactElement {
  const [devices, setDevices] = useState<Devices | null>(null);
  useEffect(() => {
    let gone = false;
    inquire('devices.list', {}).then(
      (found) => !gone && setDevices(found.devices),
      () => !gone && setDevices([]),
    );
    return () => {
      gone = true;
    };
  }, []);
  if (devices !== null && devices.length > 0) {
    return (
      <Field label="Webcam" problem={problems.device}>
        {(ids) => (
          <select
            {...ids}
            className="text-input"
            data-testid="device-field"
            value={form.device}
            onChange={(event) => onChange({ ...form, device: event.target.value })}
          >
            <option value="">Choose…</option>
            {devices.map(({ device, title }) => (
              <option key={device} value={device}>
                {title === device ? title : `${title} (${device})`}
              </option>
            ))}
          </select>
        )}
      </Field>
    );
  }
  return (
    <TextField
      label="Webcam"
      value={form.device}
      placeholder="/dev/video0"
      hint={
        devices === null
          ? 'Looking for webcams…'
          : 'No webcam was found on this computer. One that is not listed can be named here.'
      }
      problem={problems.device}
      testId="device-field"
      onChange={(device) => onChange({ ...form, device })}
    />
  );
}

const CODINGS = [
  { value: 'raw', words: 'Raw', title: 'As every webcam gives them; they cannot be recorded' },
  { value: 'mjpeg', words: 'MJPEG', title: 'Compressed by the webcam; can be recorded. Most can.' },
  { value: 'h264', words: 'H.264', title: 'Compressed by the webcam; can be recorded. Some can.' },
] as const;

/** macOS hands out raw pictures only, whatever the webcam could do. */
const onMac = (): boolean => navigator.userAgent.includes('Macintosh');

function CodingField({ form, onChange }: KindFieldsProps): ReactElement {
  if (onMac())
    return <p className="field-words">A webcam gives raw pictures on macOS; these cannot be recorded.</p>;
  return (
    <div className="field">
      <span className="field-name">Pictures come as</span>
      <Segments
        label="Pictures come as"
        value={form.coding}
        options={CODINGS}
        onChange={(coding) => onChange({ ...form, coding })}
      />
      <p className="field-words">
        Only what the webcam compresses itself can be recorded. “Test” shows whether it can.
      </p>
    </div>
  );
}

function PathField({ form, problems, onChange }: KindFieldsProps): ReactElement {
  const what = form.kind === 'folder' ? 'folder' : 'file';
  const pick = async (): Promise<void> => {
    const { path } = await inquire('path.pick', { what });
    if (path !== null) onChange({ ...form, path });
  };
  return (
    <Field label={what === 'file' ? 'Video file' : 'Folder'} problem={problems.path}>
      {(ids) => (
        <div className="add-path">
          <output {...ids} className="text-input add-path-words" title={form.path}>
            <bdi>{form.path === '' ? 'None chosen' : form.path}</bdi>
          </output>
          <Button icon="open" data-testid="pick-button" onClick={() => void pick()}>
            Choose…
          </Button>
        </div>
      )}
    </Field>
  );
}

type FileWay = 'once' | 'speed' | 'loop';

const FILE_WAYS: readonly { value: FileWay; words: string; title: string }[] = [
  { value: 'once', words: 'As fast as it goes', title: 'Every frame, once' },
  { value: 'speed', words: 'At real speed', title: 'Once, as it was recorded' },
  { value: 'loop', words: 'In a loop', title: 'At real speed, from the end back to the beginning' },
];

function FileWays({ form, onChange }: KindFieldsProps): ReactElement {
  const way: FileWay = form.loop ? 'loop' : form.realSpeed ? 'speed' : 'once';
  return (
    <div className="field">
      <span className="field-name">Analysed</span>
      <Segments
        label="Analysed"
        value={way}
        options={FILE_WAYS}
        onChange={(next) => onChange({ ...form, loop: next === 'loop', realSpeed: next !== 'once' })}
      />
    </div>
  );
}
