<?php
// PHP's curl and a bare socket with the habits of PHP's older WebSocket clients: ticket, socket, command, the ticket again.
[, $base, $keyId, $key, $ca] = $argv;

const SILENCE_S = 5;

function call(CurlHandle $curl, string $url): array
{
    curl_setopt($curl, CURLOPT_URL, $url);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($body, true, 512, JSON_THROW_ON_ERROR)];
}

// Connects at the first receive, gives up after 5 s of silence, answers pings without a mask.
class Stream
{
    public string $head = '';
    private $socket = null;

    public function __construct(private string $url, private string $ca)
    {
    }

    public function open(): void
    {
        $place = parse_url($this->url);
        $kind = $place['scheme'] === 'wss' ? 'ssl' : 'tcp';
        $context = stream_context_create(['ssl' => $this->ca === '' ? [] : ['cafile' => $this->ca]]);
        $address = "$kind://{$place['host']}:{$place['port']}";
        $this->socket = stream_socket_client($address, $code, $why, SILENCE_S, STREAM_CLIENT_CONNECT, $context);
        stream_set_timeout($this->socket, SILENCE_S);
        $lines = [
            "GET {$place['path']} HTTP/1.1",
            "host: {$place['host']}:{$place['port']}",
            'user-agent: websocket-client-php',
            'connection: Upgrade',
            'upgrade: websocket',
            'sec-websocket-key: ' . base64_encode(random_bytes(16)),
            'sec-websocket-version: 13',
        ];
        fwrite($this->socket, implode("\r\n", $lines) . "\r\n\r\n");
        while (!str_ends_with($this->head, "\r\n\r\n")) {
            $this->head .= $this->read(1);
        }
    }

    public function receive(): array
    {
        do {
            $opcode = $this->frame($payload);
        } while ($opcode !== 1);
        return json_decode($payload, true, 512, JSON_THROW_ON_ERROR);
    }

    // Read one frame of any kind; a ping is answered.
    public function frame(?string &$payload): int
    {
        if ($this->socket === null) {
            $this->open();
        }
        [$first, $length] = array_values(unpack('C2', $this->read(2)));
        if ($length === 126) {
            $length = unpack('n', $this->read(2))[1];
        }
        $payload = $this->read($length);
        if ($first === 0x89) {
            fwrite($this->socket, chr(0x8A) . chr($length) . $payload);
        }
        return $first & 0x0F;
    }

    public function rest(): string
    {
        return stream_get_contents($this->socket);
    }

    public function close(): void
    {
        fclose($this->socket);
    }

    private function read(int $length): string
    {
        $read = '';
        while (strlen($read) < $length) {
            $more = fread($this->socket, $length - strlen($read));
            if ($more === '' || $more === false) {
                throw new RuntimeException(feof($this->socket) ? 'the connection ended' : 'silent for too long');
            }
            $read .= $more;
        }
        return $read;
    }
}

$curl = curl_init();
curl_setopt($curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
curl_setopt($curl, CURLOPT_USERPWD, "$keyId:$key");
curl_setopt($curl, CURLOPT_TIMEOUT, 5);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
if ($ca !== '') {
    curl_setopt($curl, CURLOPT_CAINFO, $ca);
}

[, $ticket] = call($curl, "$base/v1/subscribe/ticket");
$stream = new Stream($ticket['ws'], $ca);
$first = $stream->receive();
[, $command] = call($curl, $ticket['api'] . 'ABC456,-ABC123');
do {
    $after = $stream->receive();
} while ($after['data']['serial'] !== 'ABC-456');

// With both units cancelled nothing but pings comes, and these are enough.
[, $cancelled] = call($curl, $ticket['api'] . '-ABC456');
$pings = 0;
while ($pings < 3) {
    $pings += $stream->frame($payload) === 9 ? 1 : 0;
}
[, $back] = call($curl, $ticket['api'] . 'ABC123');
$late = $stream->receive();

// On a closed socket such a client opens the same address again by itself.
$again = new Stream($ticket['ws'], $ca);
$again->open();
$rest = $again->rest();
$stream->close();

$many = [];
for ($n = 0; $n < 20; $n++) {
    $many[] = call($curl, "$base/v1/subscribe/ticket")[0];
}
curl_setopt($curl, CURLOPT_USERPWD, "$keyId:wrong");
$wrong = call($curl, "$base/v1/subscribe/ticket");

echo json_encode([
    'ticket' => $ticket,
    'first' => $first,
    'command' => $command,
    'after' => $after,
    'cancelled' => $cancelled['actions'],
    'back' => $back['actions'],
    'late' => $late['data']['serial'],
    'replay' => (int) explode(' ', $again->head)[1],
    'rest' => $rest,
    'many' => $many,
    'wrong' => $wrong,
]), "\n";
