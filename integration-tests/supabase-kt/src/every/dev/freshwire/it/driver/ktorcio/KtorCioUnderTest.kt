package dev.freshwire.it.driver.ktorcio

import dev.freshwire.it.driver.Call
import dev.freshwire.it.driver.ClientUnderTest
import dev.freshwire.it.driver.Reply
import dev.freshwire.it.driver.Settings
import io.ktor.client.HttpClient
import io.ktor.client.call.body
import io.ktor.client.engine.ProxyBuilder
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.http
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.cache.HttpCache
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.client.request.header
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.HttpStatement
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.HttpMethod
import io.ktor.http.content.ByteArrayContent
import io.ktor.http.content.OutgoingContent
import io.ktor.utils.io.*
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** Ktor's own engine, by what 2.3 and 3.x have. */
open class KtorCioUnderTest(private val pipelined: Boolean) : ClientUnderTest {
    constructor() : this(false)

    private val calls = ConcurrentHashMap<String, Job>()
    private var client = HttpClient(CIO)

    override fun open(settings: Settings) {
        client.close()
        client = HttpClient(CIO) {
            expectSuccess = false
            install(WebSockets)
            if (settings.cache()) {
                install(HttpCache)
            }
            settings.readTimeout()?.let { millis ->
                install(HttpTimeout) {
                    socketTimeoutMillis = millis
                    requestTimeoutMillis = millis
                }
            }
            engine {
                pipelining = pipelined
                // The default of 100 connections to a host is the application's limit, not what is tested here.
                endpoint.maxConnectionsPerRoute = 256
                settings.connectTimeout()?.let { millis -> endpoint.connectTimeout = millis }
                settings.proxyPort()?.let { port -> proxy = ProxyBuilder.http("http://127.0.0.1:$port") }
            }
        }
    }

    override fun call(call: Call): Reply = runBlocking {
        withContext(Dispatchers.Default) {
            calls[call.ticket()] = coroutineContext.job
            try {
                request(call).execute { consume(it, call) }
            } finally {
                calls.remove(call.ticket())
            }
        }
    }

    private suspend fun request(call: Call, execution: (Job) -> Unit = {}): HttpStatement =
        client.prepareRequest(call.url()) {
            execution(executionContext)
            method = HttpMethod.parse(call.method())
            call.headers().forEach { (name, value) -> header(name, value) }
            if (call.hasBody()) {
                setBody(body(call))
            }
        }

    /** The status, and before it comes the job that all belongs to which is done for the request. */
    protected suspend fun statusOf(call: Call, execution: (Job) -> Unit = {}): Int =
        request(call, execution).execute { it.status.value }

    private suspend fun consume(response: HttpResponse, call: Call): Reply {
        val status = response.status.value
        return when (call.consume()) {
            Call.Consume.CLOSE -> Reply(status, 0, "")
            Call.Consume.ABANDON -> {
                response.bodyAsChannel().readByte()
                Reply(status, 1, "")
            }
            else -> {
                val bytes: ByteArray = response.body()
                Reply(status, bytes.size.toLong(), bytes.decodeToString())
            }
        }
    }

    protected open fun body(call: Call): OutgoingContent {
        val bytes = ByteArray(call.bodySize())
        return if (call.body() == Call.Body.BYTES) ByteArrayContent(bytes) else OneShot(bytes)
    }

    /** A stream that can be read once. */
    private class OneShot(private val bytes: ByteArray) : OutgoingContent.ReadChannelContent() {
        private var read = false

        override val contentLength = bytes.size.toLong()

        override fun readFrom(): ByteReadChannel {
            check(!read) { "read twice" }
            read = true
            return ByteReadChannel(bytes)
        }
    }

    override fun cancel(ticket: String) {
        calls[ticket]?.cancel()
    }

    override fun webSocket(url: String, idleMillis: Long, heartbeatMillis: Long): String = runBlocking {
        val session = client.webSocketSession(url.replaceFirst("http", "ws"))
        val heartbeat = launch {
            while (true) {
                delay(heartbeatMillis)
                session.send(Frame.Ping(ByteArray(1)))
            }
        }
        // Idle on purpose: the length of the silence is what is tested.
        delay(idleMillis)
        session.send(Frame.Text("still here"))
        val echo = session.incoming.receive() as Frame.Text
        heartbeat.cancel()
        session.close()
        echo.readText()
    }

    override fun close() {
        client.close()
    }
}

/** With the application's choice to let GET and HEAD share connections. */
class PipelinedUnderTest : KtorCioUnderTest(true)
