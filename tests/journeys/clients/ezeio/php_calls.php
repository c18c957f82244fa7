<?php
// PHP's curl: many calls one after the other with Digest, their answers as they came.
[, $base, $keyId, $key, $ca] = $argv;

$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_HTTPAUTH => CURLAUTH_DIGEST,
    CURLOPT_USERPWD => "$keyId:$key",
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
]);
if ($ca !== '') {
    curl_setopt($curl, CURLOPT_CAINFO, $ca);
}
$told = [];
foreach (array_slice($argv, 5) as $path) {
    curl_setopt($curl, CURLOPT_URL, $base . $path);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $told[$path] = [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($body, true, 512, JSON_THROW_ON_ERROR)];
}
echo json_encode($told, JSON_THROW_ON_ERROR);
