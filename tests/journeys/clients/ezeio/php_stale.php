<?php
// PHP's curl with a nonce that another hub made, as after a restart: how each call ends, what the second hub asked for.
[, $before, $after, $keyId, $key] = $argv;

$challenges = [];
$curl = curl_init();
curl_setopt($curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
curl_setopt($curl, CURLOPT_USERPWD, "$keyId:$key");
curl_setopt($curl, CURLOPT_TIMEOUT, 5);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_setopt($curl, CURLOPT_HEADERFUNCTION, function (CurlHandle $curl, string $line) use (&$challenges): int {
    if (stripos($line, 'www-authenticate:') === 0) {
        $challenges[] = trim($line);
    }
    return strlen($line);
});

$codes = [];
foreach ([$before, $after] as $base) {
    $challenges = [];
    curl_setopt($curl, CURLOPT_URL, "$base/v1/subscribe/ticket");
    curl_exec($curl);
    $codes[] = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
}

echo json_encode(['php' => [...$codes, ...$challenges]]), "\n";
