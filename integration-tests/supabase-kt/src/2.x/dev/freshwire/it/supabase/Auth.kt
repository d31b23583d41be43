package dev.freshwire.it.supabase

import io.github.jan.supabase.gotrue.FlowType
import io.github.jan.supabase.gotrue.SettingsSessionManager
import io.github.jan.supabase.gotrue.SessionStatus
import kotlinx.serialization.json.JsonObject

internal typealias AuthPlugin = io.github.jan.supabase.gotrue.Auth
internal typealias AuthChoices = io.github.jan.supabase.gotrue.AuthConfig
internal typealias EmailProvider = io.github.jan.supabase.gotrue.providers.builtin.Email
internal typealias GithubProvider = io.github.jan.supabase.gotrue.providers.Github

internal fun AuthChoices.choose(settings: JsonObject) {
    flowType = FlowType.PKCE
    if (settings.textOrNull("session") == "preferences") {
        sessionManager = SettingsSessionManager()
    }
}

internal fun SessionStatus.accessTokenOrNull(): String? =
    (this as? SessionStatus.Authenticated)?.session?.accessToken
